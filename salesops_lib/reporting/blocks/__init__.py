"""The blocks of a report: what each call of a run displays."""
