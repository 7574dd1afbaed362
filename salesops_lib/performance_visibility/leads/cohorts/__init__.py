"""Lead cohorts."""
