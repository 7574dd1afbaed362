"""Words for the leads of each rep, beside what the rule gives and what luck can do; no blame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from salesops_lib.rep_comparison.phrases import DUE_IN_SELLING_DAYS, NO_LEADS, span
from salesops_lib.wording import Action, Finding, count, listing, money, number, percent, plain

if TYPE_CHECKING:
    from salesops_lib.parameters import Duties

MOST_NAMED = 4


def describe_lead_share_by_rep(shares: pd.DataFrame, *, duties: Duties, confidence: float) -> Finding:
    """Say who got worse, more or fewer leads than the rule and luck together explain, and what that is worth."""
    judged = shares[shares["q_value"].notna()]
    if judged.empty:
        return NO_LEADS
    n = len(judged)
    judged = judged.sort_values("quality_ratio", kind="stable")
    worse, apart = judged[judged["has_worse_leads"]], judged[judged["is_different"]]
    # Fewer leads in the first half year may be meant: worth knowing, nothing to act on.
    is_ramp = bool((apart["is_joiner"] & (apart["differs_in"] == "fewer leads")).all())
    base = f"{count(shares['n_leads'].sum(), 'lead')} went to {count(len(shares), 'rep')} {span(shares)}."
    if apart.empty:
        return Finding(
            f"No rep's leads differ from a fair share by more than luck ({n} judged)",
            f"{base} None of the {n} reps judged got more, fewer, better or worse leads than a fair sharing gives "
            f"{_often(confidence)}. {_explained(judged)} {_unknown()}",
            status="good",
            is_headline=False,
        )
    title = (
        f"{count(len(worse), 'rep')} got worse leads than their colleagues: {_names(worse)}"
        if len(worse)
        else f"{len(apart)} of {count(n, 'rep')} got other leads than a fair sharing would give them"
    )
    said = [base, _worse(worse), *_by_number(apart), _explained(judged), _unknown()]
    return Finding(
        title,
        " ".join(each for each in said if each),
        status="note" if is_ramp else "watch",
        stake=float(apart["explained_amount"].abs().sum()),
        action=None if is_ramp else _reroute(worse if len(worse) else apart, duties, confidence),
        is_headline=not is_ramp,
    )


def _often(confidence: float) -> str:
    return f"(false discovery rate {percent(1 - confidence)} over all judged)"


def _names(rows: pd.DataFrame) -> str:
    return listing([plain(name) for name in rows["name"]], MOST_NAMED)


def _worse(rows: pd.DataFrame) -> str:
    """Each with the share of such leads that qualifies with others, and the source that stands out."""
    if rows.empty:
        return ""
    each: list[Any] = list(rows.head(MOST_NAMED).itertuples())
    said = [
        f"**{plain(row.name)}** ({percent(row.expected_qualified_rate, 1)} against "
        f"{percent(row.fair_qualified_rate, 1)}; {percent(row.source_rate)} from {plain(row.source)} against "
        f"{percent(row.fair_source_rate)}; n = {row.n_leads:,})"
        for row in each
    ]
    more = f"; {len(rows) - len(each)} more in the table" if len(rows) > len(each) else ""
    return (
        "How many of such leads qualify in the hands of others, against the leads of the same team, segment and "
        f"months: {'; '.join(said)}{more}. The reps' own results play no part in this."
    )


def _by_number(apart: pd.DataFrame) -> list[str]:
    """Who got more and who fewer; joiners are named as such."""
    said = []
    for word in ("more", "fewer"):
        rows = apart[apart["differs_in"].str.contains(f"{word} leads", regex=False)]
        if rows.empty:
            continue
        far = (rows["n_leads"] / rows["fair_leads"] - 1).abs().sort_values(ascending=False, kind="stable").index
        row: Any = rows.loc[far[0]]
        joiners = rows[rows["is_joiner"]]
        lately = f" ({len(joiners)} of them in their first half year for part of the time)" if len(joiners) else ""
        said.append(
            f"{count(len(rows), 'rep')} got {word} leads than the rule gives{lately}, {plain(row['name'])} by most: "
            f"{row['n_leads']:,} where {number(row['fair_leads'])} are fair and luck gives "
            f"{number(row['fair_leads_low'])} to {number(row['fair_leads_high'])}."
        )
    return said


def _explained(judged: pd.DataFrame) -> str:
    """The ends of what the leads alone explain, beside what was won."""
    if not judged["won_amount"].sum():
        return ""
    ends = [judged.loc[judged["explained_amount"].agg(end)] for end in ("idxmin", "idxmax")]
    low, high = (
        f"{_signed(row['explained_amount'])} for {plain(row['name'])}, who won {money(row['won_amount'])} from them"
        for row in ends
    )
    return f"Number, quality and value of the leads alone explain between {low}, and {high}."


def _signed(amount: float) -> str:
    return money(amount) if amount < 0 else f"+{money(amount)}"


def _unknown() -> str:
    return "Not known: days off, a lighter load agreed with someone, and why leads went where they did."


def _reroute(rows: pd.DataFrame, duties: Duties, confidence: float) -> Action:
    by_source = rows[[f" {row.source}" in f" {row.differs_in}" for row in rows.itertuples()]]["source"]
    first = f", {by_source.mode().iloc[0]} first" if len(by_source) else ""
    what = (
        f"Check how leads are routed{first}: {listing(list(rows['name']), MOST_NAMED)} got other leads than the rule "
        "gives. Allow for it before comparing results."
    )
    rule = f"A rep's leads lie outside what the rule and luck give {_often(confidence)}."
    return duties.action(
        what,
        kpi="lead_qualified_rate",
        within=DUE_IN_SELLING_DAYS,
        rule=rule,
    )
