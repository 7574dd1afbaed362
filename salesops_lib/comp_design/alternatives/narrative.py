"""Words for another plan on the same deals."""

from __future__ import annotations

import pandas as pd

from salesops_lib.comp_design.phrases import LONGEST_TITLE, early, no_other_plan, pay_at, rate, to_date
from salesops_lib.wording import Finding, count, interval, listing, money, number, percent, short


def describe_plan_comparison(plans: pd.DataFrame, *, confidence: float) -> Finding:
    """Say what the other plan would have cost, and how closely each follows performance."""
    if len(plans) < 2:
        return no_other_plan()
    now, then = plans.iloc[0], plans.iloc[1]
    if pd.isna(now["cost_amount"]) or pd.isna(then["cost_amount"]):
        return Finding(
            f"Too few people are paid to compare with {short(then['title'], LONGEST_TITLE)}",
            "Pay is shown for three people or more.",
            is_headline=False,
        )
    change = float(then["cost_amount"] - now["cost_amount"])
    words = f"{money(abs(change))} {'more' if change > 0 else 'less'}" if round(change, 2) else "the same"
    title = f"{short(then['title'], LONGEST_TITLE)} would cost {words} on the same deals"
    text = (
        f"{_cost(now, then)} in {to_date(plans)}: {_parts(now, then)}. {_following(now, then)} "
        f"{_at_quota(then, confidence)}What people would do otherwise under the other plan is not in it."
        f"{_others_paid(now, then)}{early(plans)}"
    )
    return Finding(title, text, stake=abs(change))


def _cost(now: pd.Series[float], then: pd.Series[float]) -> str:
    before, after = (percent(each["cost_of_sales_rate"], 1) for each in (now, then))
    if before == after:
        return f"Cost of sales would stay at **{after}**"
    return f"Cost of sales would be **{after}** in place of {before}"


def _parts(now: pd.Series[float], then: pd.Series[float]) -> str:
    """Base pay and incentives under the other plan and now."""
    parts = [
        f"{name} {money(then[column])} in place of {money(now[column])}"
        for name, column in (("base pay", "base_amount"), ("incentives", "incentive_amount"))
        if money(then[column]) != money(now[column])
    ]
    return ", ".join(parts) or f"incentives stay at {money(now['incentive_amount'])}"


def _at_quota(then: pd.Series[float], confidence: float) -> str:
    if pd.isna(then["at_quota_rate"]):
        return ""
    low, high = percent(then["at_quota_rate_low"]), percent(then["at_quota_rate_high"])
    return (
        f"On these deals {percent(then['at_quota_rate'])} of reps are at or above quota "
        f"(n = {then['n_reps']}, {interval(low, high, confidence)}). "
    )


def _following(now: pd.Series[float], then: pd.Series[float]) -> str:
    if pd.isna(now["pay_slope"]) or pd.isna(then["pay_slope"]):
        return "Attainment does not vary enough to say how pay follows it."
    spread = "further apart" if then["gini"] > now["gini"] else "closer together"
    return (
        f"Ten points more attainment go with {number(then['pay_slope'] * 10, 1)} points more of target pay in place of "
        f"{number(now['pay_slope'] * 10, 1)}, and payouts lie {spread} (Gini {number(then['gini'], 2)} in place of "
        f"{number(now['gini'], 2)})."
    )


def _others_paid(now: pd.Series[float], then: pd.Series[float]) -> str:
    if now["n_reps"] == then["n_reps"] and now["n_not_paid"] == then["n_not_paid"]:
        return ""
    return f" The plans do not pay the same people: {count(now['n_reps'], 'rep')} now, {then['n_reps']} then."


def describe_winners_by_attainment(bands: pd.DataFrame) -> Finding:
    """Say how many would earn more or less, and where in the range of attainment."""
    if bands.empty:
        return no_other_plan()
    n, more, less = (int(bands[name].sum()) for name in ("n_reps", "n_more", "n_less"))
    name = short(bands["title"].iloc[0], LONGEST_TITLE)
    title = f"{more} of {n} reps would earn more under {name}, {less} less"
    shown = bands.dropna(subset="change_amount")
    text = f"Base and incentive pay in {to_date(bands)} under both plans, reps by attainment. "
    if shown.empty:
        return Finding(title, f"{text}Fewer than three reps: no amounts are shown.", is_headline=False)
    in_order = shown.sort_values("change_amount", kind="stable")
    loss, gain = in_order.iloc[0], in_order.iloc[-1]
    words = []
    if gain["change_amount"] > 0:
        words.append(f"reps {_at(gain)} would together earn **{money(gain['change_amount'])}** more")
    if loss["change_amount"] < 0:
        words.append(f"reps {_at(loss)} **{money(-loss['change_amount'])}** less")
    change = float(shown["change_amount"].sum())
    together = f"all reps together {money(abs(change))} {'more' if change > 0 else 'less'}"
    return Finding(title, f"{text}{_sentence([*words, together])}{early(bands)}", is_headline=False)


def _at(band: pd.Series[float]) -> str:
    """``below 50% of quota (n = 10)``."""
    words, n = str(band["band"]), f"(n = {band['n_reps']})"
    if words == "all":
        return f"at any attainment {n}"
    if words.startswith("below"):
        return f"{words} of quota {n}"
    return f"at {words.removesuffix(' and more')} of quota{' and more' if words.endswith(' and more') else ''} {n}"


def _sentence(parts: list[str]) -> str:
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


PLACES = (0.5, 0.75, 1.0, 1.25, 1.5)
"""Attainments at which two curves are compared in words."""


def describe_payout_curves(curves: pd.DataFrame) -> Finding:
    """Say where the plans pay differently."""
    names = list(dict.fromkeys(curves["plan"]))
    if len(names) < 2:
        return no_other_plan()
    now, then = (curves[curves["plan"] == name] for name in names)
    titles = [str(each["title"].iloc[0]) for each in (now, then)]
    paid = [(place, pay_at(now, place), pay_at(then, place)) for place in PLACES]
    place, one, other = max(paid, key=lambda each: abs(each[2] - each[1]))
    if rate(one) == rate(other):
        title = "Both plans pay the same share of target at each attainment"
    else:
        title = f"At {rate(place)} of quota: {rate(other)} of target, in place of {rate(one)}"
    points = [f"{rate(two)} at {rate(each)} of quota (now {rate(first)})" for each, first, two in paid]
    text = (
        f"As a share of target pay, {titles[1]} would pay {listing(points, most=len(points))}. The curve holds for own "
        f"and team part alike; {titles[1]} puts {rate(then['individual_rate'].iloc[0])} on own results, {titles[0]} "
        f"{rate(now['individual_rate'].iloc[0])}."
    )
    return Finding(title, text, is_headline=False)
