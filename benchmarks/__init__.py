"""Scripts that measure the kit side by side with what a user would do otherwise; no test times anything."""
