"""Customer cohorts."""
