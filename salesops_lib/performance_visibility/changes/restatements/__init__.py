"""Restatements."""
