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
    "stage n_left exit_rate exit_rate_low exit_rate_high n_left_before before_rate change_rate p_value is_changed "
    "n_wins_missing recoverable_amount"
)
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
