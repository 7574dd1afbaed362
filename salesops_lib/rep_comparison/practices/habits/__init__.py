"""Habits that go with winning."""
