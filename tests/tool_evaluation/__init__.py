"""Tests of the tool evaluation."""
