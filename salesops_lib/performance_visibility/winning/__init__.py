"""Winning: how often, how soon, and where."""
