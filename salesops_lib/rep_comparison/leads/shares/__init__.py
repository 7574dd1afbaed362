"""Lead shares."""
