"""Words of verdicts in performance visibility: what metrics say, and plots and sentences look for."""

OFF, BEHIND, ON_TARGET, NO_TARGET, NOT_MEASURED = "off", "behind target", "on target", "no target", "not measured"
STATUSES = (OFF, BEHIND, ON_TARGET, NO_TARGET, NOT_MEASURED)
"""Of a key figure, worst first: past the threshold; between it and the target; at it; nothing to compare; no data."""

UNSAID = "Not recorded"
"""In place of a reason, a stage, a product, a kind or a source that a deal does not state."""
