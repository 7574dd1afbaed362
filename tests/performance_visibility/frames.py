"""Small frames for words and charts: columns as one text, rows as tuples."""

from datetime import date

import pandas as pd

END = date(2026, 9, 30)
NAN = float("nan")


def frame(columns, *rows):
    """A frame of these rows; columns as one text."""
    return pd.DataFrame(list(rows), columns=columns.split())


PERIODS = (
    "kind period_name bookings_amount n_won quota_amount attainment_rate gap_amount elapsed_rate pace_rate "
    "run_rate_amount run_rate_needed_amount year_before_amount is_partial reach_rate"
)
WEEK = ("week", "Week 39 of 2026", 400e3, 20, 500e3, 0.8, 100e3, 1.0, 0.8, 80e3, NAN, NAN, False, NAN)
MONTH = ("month", "September 2026", 2.2e6, 99, 2e6, 1.1, -200e3, 1.0, 1.1, 100e3, NAN, 1.9e6, False, NAN)
QUARTER = ("quarter", "Q3 2026", 6e6, 280, 6.3e6, 0.952, 300e3, 1.0, 0.952, 95e3, NAN, NAN, False, NAN)
YEAR = ("year", "FY 2026", 20e6, 900, 27e6, 0.741, 7e6, 0.75, 0.988, 105e3, 112e3, NAN, True, 0.3)
MONTHS = "month bookings_amount n_won year_before_amount attainment_rate is_partial"
TEAM = (
    "team_id name is_group period_name bookings_amount quota_amount attainment_rate attainment_rate_low "
    "attainment_rate_high gap_amount pace_rate elapsed_rate is_partial"
)
REP = "rep_id name period_name bookings_amount quota_amount attainment_rate pace_rate is_partial"
QUARTERS = (
    "quarter n_closed n_won win_rate win_rate_low win_rate_high value_win_rate n_created n_created_open "
    "cohort_win_rate "
    "is_mature before_rate p_value is_partial"
)
RIPE = ("2026-Q2", 100, 30, 0.3, 0.22, 0.4, 0.28, 90, 0, 0.31, True, NAN, NAN, False)
NOW = ("2026-Q3", 100, 20, 0.2, 0.13, 0.29, 0.18, 80, 50, 0.1, False, 0.3, 0.01, False)
GROUPS = (
    "group name n_closed n_won win_rate win_rate_low win_rate_high value_win_rate value_win_rate_low "
    "value_win_rate_high "
    "n_created cohort_win_rate cohort_from_on cohort_to_on is_mature"
)
DAYS = (pd.Timestamp(2026, 1, 1), pd.Timestamp(2026, 3, 31), True)
CYCLE = (
    "segment n_won cycle_days cycle_days_low cycle_days_high quarter_days three_quarters_days n_won_before before_days "
    "change_days is_changed"
)
AGES = "segment n_open open_amount n_dated age_days oldest_days longest_won_days n_older older_amount"
FUNNEL = "stage n_entered n_advanced n_lost n_moved_back n_handed_off n_still_there n_skipped advance_rate"
CHANGE = (
    "stage n_left exit_rate exit_rate_low exit_rate_high n_left_before before_rate change_rate least_change_rate p_value "
    "is_changed is_bottleneck since_month since_month_low since_month_high n_wins_missing recoverable_amount "
    "recoverable_amount_low recoverable_amount_high"
)
STEADY = (
    "A", 100, 0.7, 0.6, 0.8, 400, 0.72, -0.02, -0.14, 0.9, False, False, NAN, NAN, NAN, 1.0, 5e3, -40e3, 50e3,
)  # fmt: skip
FELL = (
    "B", 60, 0.5, 0.38, 0.62, 200, 0.7, -0.2, -0.21, 0.01, True, True, "2026-06", "2026-05", "2026-08", 9.6, 250e3,
    50e3, 440e3,
)  # fmt: skip
ROSE = (
    "C",
    90,
    0.8,
    0.7,
    0.9,
    300,
    0.6,
    0.2,
    NAN,
    0.01,
    True,
    False,
    "2026-07",
    "2026-07",
    "2026-07",
    -9.0,
    -9e4,
    -2e5,
    -1e4,
)
TIME = (
    "stage n_left n_still_there stay_days stay_days_low stay_days_high n_left_before before_days before_days_low "
    "before_days_high change_days pace_ratio pace_ratio_low pace_ratio_high p_value is_changed is_slower "
    "n_entered_per_month extra_days"
)
USUAL = ("A", 90, 12, 8.0, 7.0, 9.0, 400, 8.0, 8.0, 9.0, 0.0, 0.97, 0.8, 1.1, 0.7, False, False, 40.0, 0.0)
SLOW = ("B", 60, 20, 21.0, 19.0, 24.0, 200, 14.0, 13.0, 15.0, 7.0, 0.66, 0.55, 0.79, 0.001, True, True, 30.4, 212.8)
QUICK = ("C", 80, 5, 5.0, 4.0, 6.0, 200, 7.0, 6.0, 8.0, -2.0, 1.5, 1.2, 1.8, 0.01, True, False, 20.0, -40.0)
COVERAGE = (
    "quarter quarter_name quota_amount bookings_amount gap_amount n_open open_amount coverage_ratio needed_ratio "
    "needed_ratio_low needed_ratio_high needed_amount yield_rate n_quarters from_pipeline_rate n_overdue overdue_amount"
)
LATER = ("2027-Q1", "Q1 2027", NAN, 0.0, NAN, 42, 3.5e6, NAN, 0.4, 0.3, 0.7, NAN, 0.29, 8, 0.12, 84, 1.9e6)
RULES = "fault name n_open n_faults fault_rate fault_amount open_amount fix missing"
FLAG = (
    "split name n_leads volume_rate n_ripe lead_qualified_rate before_rate is_fallen is_red_flag n_missing "
    "missing_amount "
    "ripe_days"
)
ALL = ("all", "All leads", 300, 1.2, 250, 0.24, 0.27, True, True, 7.5, 30e3, 10)
BAD = ("source", "Ads", 100, 1.7, 80, 0.1, 0.22, True, True, 9.6, 40e3, 10)
FINE = ("source", "Web", 200, 1.0, 170, 0.3, 0.29, False, False, -1.7, -7e3, 10)
REP_ROW = ("rep", "Ana", 100, 1.0, 90, 0.2, 0.2, False, False, 0.0, 0.0, 10)
STEPS = "step n_reached n_passed n_left pass_rate before_rate p_value is_fallen of_all_rate"
