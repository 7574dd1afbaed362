"""Attainment of teams and reps."""
