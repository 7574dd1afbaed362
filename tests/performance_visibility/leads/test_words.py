"""Words on leads: every number comes from its frame."""

from salesops_lib.performance_visibility.leads.red_flag import narrative as words
from tests.performance_visibility.frames import ALL, BAD, FINE, FLAG, NAN, REP_ROW, STEPS, frame


def test_the_red_flag_names_the_source_and_clears_the_reps(given):
    """The owner checks the source; its shortfall is at stake."""
    found = words.describe_lead_red_flag(frame(FLAG, ALL, BAD, FINE, REP_ROW), **given)

    assert found.title == "Red flag: Ads, 1.7x the leads, 10% qualify, was 22%"
    assert found.text == (
        "300 leads arrived in 3 months, 20% more a day than in the months before; of the 250 that have had 10 days to "
        "qualify, **24.0%** did, against 27.0% before. **Ads** fell from 22.0% to 10.0% of 80 leads: about 10 "
        "qualified "
        "leads short, worth about $40.0K in won deals. No other source fell beyond chance. None of 1 rep is "
        "below what the "
        "sources of their leads explain."
    )
    assert (found.status, found.stake, found.action.owner) == ("act", 40e3, "Flo")


def test_without_a_flag_the_leads_are_on_track(given):
    """A fall with fewer leads is watched; no fall is good."""
    calm = (*ALL[:7], False, False, *ALL[9:])
    fewer = ("source", "Ads", 40, 0.6, 30, 0.1, 0.22, True, False, 3.6, 9e3, 10)

    assert words.describe_lead_red_flag(frame(FLAG, calm, FINE), **given).status == "good"
    assert words.describe_lead_red_flag(frame(FLAG, calm, fewer), **given).status == "watch"


def test_the_step_where_leads_fall_away_is_named():
    """With the leads nobody touched and those won so far."""
    rows = frame(
        STEPS, ("Arrived to touched", 250, 240, 10, 0.96, 0.95, 0.9, False, 0.96),
        ("Touched to qualified", 240, 60, 180, 0.25, 0.29, 0.01, True, 0.24),
        ("Qualified to deal", 60, 45, 15, 0.75, 0.75, 0.9, False, 0.18),
        ("Deal to won", 45, 5, 40, 0.11, 0.25, NAN, False, 0.02),
    )  # fmt: skip

    found = words.describe_lead_steps(rows)

    assert found.title == "Leads fall away from touched to qualified: 25% pass, was 29%"
    assert found.text == (
        "Of 250 leads, 10 were never touched and 60 qualified; 5 are won deals so far (2.0%), and more will follow as "
        "deals close. From touched to qualified, **25.0%** of 240 passed, against 29.0% before: beyond chance."
    )
