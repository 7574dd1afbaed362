"""Age of open deals."""
