"""Scorecard: one rep beside anonymous peers, and a team for its manager."""
