"""A run of one report: opened once, then one call per thing shown."""
