"""The lead red flag."""
