"""Checks: what is right, odd or wrong in the data, each as a sentence with its count.

Severities
----------
``error``: numbers would be wrong or empty, so no report is made. ``warning``: the report is made and
stamped. ``pass``: all is well, or a declared repair was made; counted so that it can be read.

A small company's messy export still gets its report: single bad rows are set aside with a warning,
and only a table that is mostly unusable is an error (see ``MOST`` in ``rules``).
"""

from salesops_lib.data.checks.rules import Check, Import
from salesops_lib.data.checks.running import run_checks

__all__ = ["Check", "Import", "run_checks"]
