"""Terms: counted as a slow loop counts them, quiet where nothing is, a planted one found, nobody's name and no note shown."""

import os
import re
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from salesops_lib import theme
from salesops_lib.data.anonymous import anonymised
from salesops_lib.data.engines import PostgresEngine
from salesops_lib.errors import MissingColumnError, MissingTableError
from salesops_lib.parameters import Duties
from salesops_lib.rep_comparison import terms_of_top_performers
from salesops_lib.rep_comparison.people import window_to
from salesops_lib.rep_comparison.practices.terms.counts import TermCounts, term_counts
from salesops_lib.rep_comparison.practices.terms.metrics import judged_terms
from salesops_lib.rep_comparison.practices.terms.narrative import describe_terms_of_top_performers
from salesops_lib.rep_comparison.practices.terms.plots import MOST_DRAWN, plot_terms_of_top_performers
from salesops_lib.reporting.tables.table import write_table
from tests.builders import make_crm
from tests.rep_comparison.recipes import SEPTEMBER

END = date(2026, 9, 30)
CLOSED = "2026-08-10"
HOSTILE = (
    "<script>alert(1)</script> & <b>bold</b>", "=HYPERLINK(\"x\") +1 -1 @sum", "'; DROP TABLE reps; --", "🙂🚀 ok 100%",
    "**stars** [link](x) $10k", "a\x01b\u202ec\ufeff", "%s {0} \\ {{x}}",
)  # fmt: skip


def noted(notes, *, n_reps=8, n_won=3, n_lost=3, on="2026-08-05", writer=None, engine=None, **more):
    """Reps alike, with the same notes on each deal: ``notes`` or what it says of rep and deal."""
    deals, done = [], []
    for rep in range(n_reps):
        for place in range(n_won + n_lost):
            deal = f"d{rep:02d}-{place:02d}"
            status = "won" if place < n_won else "lost"
            deals.append({"opportunity_id": deal, "rep_id": f"r{rep:02d}", "closed_on": CLOSED, "status": status,
                          "account_id": "acme"})  # fmt: skip
            written = notes(rep, place) if callable(notes) else notes
            done += [{"activity_id": f"{deal}-{n}", "rep_id": writer or f"r{rep:02d}", "opportunity_id": deal,
                      "kind": "email", "done_at": f"{on} 10:00", "note": note}
                     for n, note in enumerate(written)]  # fmt: skip
    return make_crm(deals=deals, activities=done, as_of=END, engine=engine, **more)


def counted(crm, n_reps=8):
    """What the engine counts of a company, whoever has how many deals."""
    return term_counts(crm, window_to(crm, SEPTEMBER, 12), n_reps=n_reps, min_closed=1)


def every_other(*notes):
    """These notes on every other deal and none of their words on the rest: no term is on too many deals."""
    return lambda _rep, place: notes if place % 2 == 0 else ("zzz",)


def terms_in(crm, n_reps=8):
    """Terms looked at, but that of the other deals."""
    return set(counted(crm, n_reps).notes.columns) - {"zzz"}


def test_terms_are_counted_by_deals_notes_and_shares():
    """Two of three notes on two of three won deals mention it: twice two thirds of a deal's notes."""
    crm = noted(every_other("the pilot scope", "Pilot? Pilot!", "no"))
    counts = counted(crm)
    won = ("r00", "won")

    assert counts.noted[won] == 3
    assert counts.deals.loc[won, "pilot"] == 2
    assert counts.notes.loc[won, "pilot"] == 4
    assert counts.shares.loc[won, "pilot"] == pytest.approx(2 * 2 / 3)


def test_a_pair_does_not_reach_across_a_mark_or_a_number():
    """Two words are a pair when nothing but a space is between them."""
    terms = terms_in(noted(every_other("alpha beta. gamma 7 delta-epsilon", "alpha", "beta", "gamma")))

    assert {term for term in terms if " " in term} == {"alpha beta"}


def test_of_terms_that_always_stand_together_one_is_looked_at():
    """The longest; a word that also stands alone stays."""
    assert terms_in(noted(every_other("finance lead", "lead"))) == {"finance lead", "lead"}


@pytest.mark.parametrize(
    ("n_using", "is_in"), [pytest.param(8, True, id="half of the reps"), pytest.param(7, False, id="fewer")]
)
def test_a_term_needs_half_of_the_reps(n_using, is_in):
    """Customers, colleagues and pet words are those of fewer."""
    crm = noted(
        lambda rep, place: ("pilot",) if rep < n_using and place % 2 else ("zzz",), n_reps=16, n_won=4, n_lost=4
    )

    assert ("pilot" in counted(crm, 16).notes.columns) is is_in


def test_a_term_on_too_few_or_too_many_deals_is_not_looked_at():
    """On one deal of each of eight reps, on every deal, on half of them."""
    crm = noted(lambda _rep, place: ("always", *(("rare",) if place == 0 else ()), *(("half",) if place % 2 else ())))

    assert list(counted(crm).notes.columns) == ["half"]


@pytest.mark.parametrize(("day", "n"), [("2026-08-09", 1), (CLOSED, 0), ("2026-08-11", 0)])
def test_what_is_written_on_the_closing_day_or_later_does_not_count(day, n):
    """It says how the deal ended: else the word for it would stand on won deals alone."""
    assert len(terms_in(noted(every_other("signed"), on=day))) == n


def test_only_the_owners_notes_count():
    """What a colleague writes on the deal is not what the owner does."""
    assert terms_in(noted(every_other("pilot"), writer="r00")) == set()


def test_what_stands_far_down_in_a_note_is_not_read():
    """It is mostly the thread that is answered."""
    assert terms_in(noted(every_other("pilot " + "x " * 1_000 + "quoted"))) == {"pilot"}


def test_names_of_reps_managers_and_the_deals_own_customer_are_no_terms():
    """Whoever is named; the customer's words count on other deals."""
    reps = [{"rep_id": f"r{rep:02d}", "name": "Ana Ruiz" if rep == 0 else "Bo"} for rep in range(8)]
    crm = noted(
        every_other("ana, Ruiz and Eva O'Hara", "and", "ACME: foods again"),
        reps=reps,
        teams=[{"team_id": "t", "name": "T", "manager_name": "Eva O'Hara"}],
        accounts=[{"account_id": "acme", "name": "Acme Foods, Inc."}, {"account_id": "x", "name": "Again & Again"}],
    )  # fmt: skip
    words = {word for term in counted(crm).notes.columns for word in term.split()}

    assert words == {"and", "again", "zzz"}


def loop(notes):
    """Notes that mention each term, by a slow and obvious loop over letters."""
    found = {}
    for note in notes:
        terms = set()
        for part in re.split(r"[^ a-zäß]", note.lower()):
            words = part.split(" ")
            terms |= {word for word in words if len(word) > 1}
            terms |= {f"{one} {two}" for one, two in pairwise(words) if len(one) > 1 and len(two) > 1}
        for term in terms:
            found[term] = found.get(term, 0) + 1
    return found


@settings(deadline=None, max_examples=25)
@given(notes=st.lists(st.text("abÄß .-'<=7\n", max_size=20), min_size=1, max_size=4))
def test_any_notes_are_counted_as_a_slow_loop_counts_them(notes):
    """Words, pairs, marks, capitals and numbers in any order; of terms always together one stands for all."""
    counts = counted(noted(every_other(*notes)))
    by_loop = loop(notes)
    seen = {term: n / (8 * 3) for term, n in counts.notes.sum().items() if term != "zzz"}

    assert seen == {term: by_loop[term] for term in seen}
    assert set(seen.values()) == set(by_loop.values())


@settings(deadline=None, max_examples=25)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_no_mark_of_any_note_gets_into_a_term(text):
    """Whatever a page, a workbook or a shell could take for its own; any script is welcome."""
    for term in counted(noted(every_other(text))).notes.columns:
        assert not re.search(r"[\x00-\x1f!-@\[-`{-\xa9]|[\u2000-\u2bff\ue000-\uf8ff\ufeff]", term)
        assert len(term) <= 81


DSN = os.environ.get("SALESOPS_TEST_POSTGRES", "")


@pytest.mark.skipif(not DSN, reason="no PostgreSQL: set SALESOPS_TEST_POSTGRES to a connection string")
def test_postgresql_counts_the_same_terms():
    """Scripts, marks and cases included."""
    psycopg = pytest.importorskip("psycopg")
    words = ("Préis", "ÉTÉ", "договор", "हिन्दी", "客户", "it's", "demo", *HOSTILE)

    def notes(rep, place):
        rng = np.random.default_rng([rep, place])
        return [" ".join(rng.choice(words, 5)) for _ in range(1 + place % 3)]

    def made(engine=None):
        return counted(noted(notes, n_won=10, n_lost=10, engine=engine))

    with psycopg.connect(DSN, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS salesops_terms CASCADE")
        connection.execute("CREATE SCHEMA salesops_terms")
        connection.execute("SET search_path TO salesops_terms")
        here, there = made(), made(PostgresEngine(connection))
        connection.execute("DROP SCHEMA salesops_terms CASCADE")

    assert len(here.notes.columns) > 10
    for name in ("deals", "notes", "shares"):
        assert_frame_equal(getattr(here, name), getattr(there, name), check_dtype=False, rtol=1e-12)


def team_of(rng, *, n_reps=24, n_terms=20, won_load=1.0, won_words=2.0, taste=0.6, skill=0.0, load=0.0, planted=0.0):
    """What the engine would bring of one team, and how far each rep is from what is expected.

    Everybody has favourites among the terms, and a third of them stand on won deals more often.

    Args:
        rng: Random numbers.
        n_reps: Reps, in three teams.
        n_terms: Terms.
        won_load: How many more notes a won deal draws, whoever sells.
        won_words: How much more often those terms stand on won deals, whoever sells.
        taste: Spread of the reps' use of a term, as a logarithm.
        skill: Spread of the reps' true win rates, on the logit scale.
        load: How many more notes the better reps write.
        planted: How much more they use the first term.
    """
    better = rng.normal(size=n_reps)
    rep = np.repeat(np.arange(n_reps), 60)
    is_won = rng.random(len(rep)) < 1 / (1 + np.exp(0.7 - skill * better[rep]))
    n_notes = 1 + rng.poisson(2.0 * np.where(is_won, won_load, 1.0) * np.exp(load * better[rep]))
    use = 0.08 * np.exp(taste * rng.normal(size=(n_reps, n_terms)))
    use[:, 0] *= np.exp(planted * better)
    chance = use[rep] * np.where(is_won[:, None] & (np.arange(n_terms) < n_terms // 3), won_words, 1.0)
    mentions = rng.binomial(n_notes[:, None], np.minimum(chance, 0.9))
    cell = [
        pd.Index([f"r{one:02d}" for one in rep], name="rep_id"),
        pd.Index(np.where(is_won, "won", "lost"), name="status"),
    ]
    terms = [f"t{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(n_terms)]

    def summed(values):
        return pd.DataFrame(values, columns=terms).groupby(cell).sum().astype(float)

    noted_deals = pd.Series(1.0, index=range(len(rep))).groupby(cell).sum()
    counts = TermCounts(noted_deals, summed(mentions > 0), summed(mentions), summed(mentions / n_notes[:, None]))
    won = np.bincount(rep, weights=is_won)
    beyond = (won - 60 * is_won.mean()) / np.sqrt(60 * is_won.mean() * (1 - is_won.mean()))
    names = [f"r{one:02d}" for one in range(n_reps)]
    return counts, pd.DataFrame({"team_id": np.arange(n_reps) % 3, "beyond": beyond}, index=names).astype(
        {"team_id": str}
    )


def share_of_teams_with_any(n, **how):
    """Of so many teams, those in which any term is called worth a look."""
    rng = np.random.default_rng(11)
    return np.mean([judged_terms(*team_of(rng, **how), confidence=0.95)["is_worth_a_look"].any() for _ in range(n)])


@pytest.mark.slow
@pytest.mark.parametrize(
    "how",
    [
        pytest.param({}, id="equals"),
        pytest.param({"won_load": 3.0}, id="won deals have more notes"),
        pytest.param({"won_words": 8.0, "taste": 0.1}, id="won deals have words of their own"),
        pytest.param({"skill": 0.5, "load": 0.5}, id="the better write more notes"),
    ],
)
def test_terms_of_noise_are_seldom_worth_a_look(how):
    """At most 5 % of teams have any; 100 teams may show four more by luck (two standard errors)."""
    assert share_of_teams_with_any(100, **how) <= 0.09


def test_a_term_that_goes_with_winning_is_found():
    """Among twenty: the better a rep, the more often the first one."""
    rng = np.random.default_rng(4)
    firsts = [judged_terms(*team_of(rng, skill=1.0, planted=0.8), confidence=0.95).iloc[0] for _ in range(5)]

    assert [row["term"] for row in firsts].count("taa") >= 4
    assert all(row["log_odds"] > 0 for row in firsts if row["is_worth_a_look"])
    assert sum(row["is_worth_a_look"] for row in firsts) >= 4


def test_one_talkative_rep_is_no_pattern():
    """The best one alone uses a term a hundred times: a large z-score, and no verdict."""
    counts, reps = team_of(np.random.default_rng(5))
    best = counts.notes.index.get_level_values("rep_id") == reps["beyond"].idxmax()
    for frame in (counts.notes, counts.shares):
        frame.loc[best, "taa"] *= 100
    row = judged_terms(counts, reps, confidence=0.95).set_index("term").loc["taa"]

    assert row["z_score"] > 10
    assert not row["is_worth_a_look"]


@pytest.fixture(scope="module")
def planted():
    """Sixteen reps, each winning more than the last, who write of a pilot scope the more the more they win."""
    deals, done = [], []
    for rep in range(16):
        for place in range(40):
            deal, is_won = f"{rep}-{place}", place * 7 % 40 < 8 + rep
            deals.append({"opportunity_id": deal, "rep_id": f"r{rep:02d}", "closed_on": CLOSED,
                          "status": "won" if is_won else "lost"})  # fmt: skip
            says = "Agreed the pilot scope" if place * 3 % 20 < 2 + rep else "Left a voicemail"
            done.append({"activity_id": deal, "rep_id": f"r{rep:02d}", "opportunity_id": deal, "kind": "call",
                         "done_at": "2026-08-01 10:00", "note": f"{says}. {HOSTILE[place % len(HOSTILE)]}"})  # fmt: skip
    return make_crm(deals=deals, activities=done, as_of=END)


def found_in(crm, parameters):
    """The metric's frame."""
    return terms_of_top_performers(crm, period=SEPTEMBER, confidence=0.95, min_closed=20)


def words(rows, parameters):
    """The finding."""
    return describe_terms_of_top_performers(rows, duties=Duties(parameters, END), confidence=0.95)


def test_a_planted_term_becomes_a_candidate_practice(planted, parameters):
    """From notes to the action, with no cause claimed; what a longer term says is told once."""
    rows = found_in(planted, parameters)
    finding = words(rows, parameters)
    row = rows.set_index("term").loc["pilot scope"]

    assert row["is_worth_a_look"]
    assert row["top_rate"] > row["others_rate"]
    assert row["candidate"] == "Take up what “pilot scope” stands for on more deals"
    assert finding.title.startswith("Worth a look in the notes: ")
    assert "need not be why" in finding.text
    assert row["candidate"] in finding.action.what


def test_no_term_of_hostile_notes_is_anything_but_letters(planted, parameters):
    """Tags, formulas, statements, emoji: words may remain, marks do not, on the page either."""
    rows = found_in(planted, parameters)

    assert rows["term"].str.fullmatch(r"[a-z]+( [a-z]+)?").all()
    page = write_table(rows, caption="Terms", name="terms")
    assert "<script" not in page
    assert "<b>" not in page


def test_a_long_note_is_counted_and_never_shown(parameters):
    """100 kB on each deal."""
    long = "pilot " + "verylong" * 12_500
    crm = noted(lambda _rep, place: ("zzz" if place % 3 else long,), n_won=12, n_lost=12)
    rows = found_in(crm, parameters)

    assert list(rows["term"]) == ["pilot", "zzz"]


def test_without_names_no_note_is_read(planted, parameters):
    """With codes in the place of people the column is empty, and the section says so."""
    with pytest.raises(MissingColumnError, match=r"fills `note`.*anonymise: true"):
        found_in(anonymised(planted), parameters)


def test_a_company_without_notes_or_activities_is_told_what_is_missing(parameters):
    """The column, or the table."""
    with pytest.raises(MissingColumnError, match="No row of the company's `activities` fills `note`"):
        found_in(noted((None,)), parameters)
    with pytest.raises(MissingTableError, match="no table `activities`"):
        found_in(make_crm(reps=["ana"]), parameters)


def test_too_few_reps_are_said_to_be_too_few(parameters):
    """Three reps: no row, and a sentence."""
    rows = found_in(noted(every_other("pilot"), n_reps=3, n_won=20, n_lost=20), parameters)

    assert rows.empty
    assert words(rows, parameters).title == "No terms in notes to look at yet"


def test_no_word_of_anybodys_name_is_a_term_of_the_demo_company(demo_crm, demo_run):
    """Nor is anything called worth a look: its notes are written by chance."""
    rows = demo_run.call(terms_of_top_performers)
    names = demo_crm.fetch(demo_crm.reps.select("name"))["name"].str.lower().str.split().explode()

    assert len(rows) > 20
    assert not {word for term in rows["term"] for word in term.split()} & set(names)
    assert not rows["is_worth_a_look"].any()


def test_words_take_their_figures_from_the_frame(demo_run, parameters):
    """The nearest term, within chance."""
    rows = demo_run.call(terms_of_top_performers)
    first, finding = rows.iloc[0], words(rows, parameters)

    assert finding.title == f"No term in the notes goes with winning more, beyond chance ({len(rows)} looked at)"
    assert f"Nearest to it comes “{first['term']}”, within chance: in {first['top_rate']:.1%}" in finding.text
    assert f"on {first['n_deals_with_term']:,} deals" in finding.text
    assert finding.action is None


@pytest.mark.parametrize(("width", "most"), [(theme.WIDE, MOST_DRAWN), (theme.NARROW, MOST_DRAWN // 2)])
def test_the_chart_has_a_mark_for_each_of_the_strongest_terms(width, most, demo_run):
    """As many as the page has room for."""
    rows = demo_run.call(terms_of_top_performers)

    with theme.chart_style(width):
        ax = plot_terms_of_top_performers(rows)

    assert sum(len(line.get_xdata()) for line in ax.get_lines()) - 2 == most  # without the line at 0
    assert ax.get_yticklabels()[0].get_text() == f"“{rows['term'].iloc[0]}”"
