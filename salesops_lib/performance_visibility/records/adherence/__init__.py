"""Process adherence."""
