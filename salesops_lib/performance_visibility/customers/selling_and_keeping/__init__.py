"""Selling and keeping."""
