"""Stage funnel."""
