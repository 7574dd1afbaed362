"""Periods: which week, month, quarter and year does a day belong to, and how far along are they?

A ``FiscalCalendar`` is built from the parameters and answers in ``Period`` values, whose labels
are the only way a period is written: ``2026``, ``2026-Q3``, ``2026-09``, ``2026-W36``.
Nothing here asks what day it is; ``as_of`` is an argument.

How a year is laid out
----------------------
The *nominal* start of a fiscal year is the 1st of ``start_month``. A year takes the number of the
calendar year in which it nominally starts or ends (``year_named_by``); years that start in January
are the same either way.

Layout ``month``: years, quarters and months are calendar months. Weeks cross their ends, so a
week's figures roll up by day, never by whole week.

Layouts ``4-4-5``, ``4-5-4`` and ``5-4-4``: everything is whole weeks. The year starts on the
``week_starts_on`` weekday **nearest** to its nominal start, at most three days off, so it ends on
the weekday nearest to the end of the month before. That is the retail calendar of the NRF for
``4-5-4``, ``start_month=2``, ``week_starts_on="sunday"``, ``year_named_by="start"``, and the ISO 8601
year for January and Monday. Every fifth or sixth year has 53 weeks; the last month takes the extra.
A month is labelled with the calendar month that holds its middle day.

Weeks are numbered the same way in every layout: week 1 starts on the ``week_starts_on`` weekday
nearest to the year's nominal start. For a year from January and weeks from Monday this is ISO 8601.
"""

from salesops_lib.periods.calendar import FiscalCalendar
from salesops_lib.periods.labels import HOW_TO_WRITE, KINDS, Kind, Period
from salesops_lib.periods.years import Layout, NamedBy, Weekday

__all__ = ["HOW_TO_WRITE", "KINDS", "FiscalCalendar", "Kind", "Layout", "NamedBy", "Period", "Weekday"]
