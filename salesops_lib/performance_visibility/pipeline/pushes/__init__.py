"""Pushed deals."""
