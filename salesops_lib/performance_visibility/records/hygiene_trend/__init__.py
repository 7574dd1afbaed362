"""Hygiene over time, and the pipeline that rests on deals with a fault."""
