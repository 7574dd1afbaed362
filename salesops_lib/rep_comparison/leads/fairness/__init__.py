"""Lead fairness."""
