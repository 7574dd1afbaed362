"""Stage cohorts."""
