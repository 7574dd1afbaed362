"""A tiny area that reports can be tried on: it computes nothing, its frames are made up."""

from tests.reporting.sample_area.metrics import bookings_by_month, leads_by_source, rep_table, win_rate_by_rep

__all__ = ["bookings_by_month", "leads_by_source", "rep_table", "win_rate_by_rep"]
