"""Words of verdicts in the rep comparison: what metrics say, and plots and sentences look for."""

ABOVE, BELOW, SAME = "stands out above", "stands out below", "not different from the team"
TOO_FEW = "too few deals to judge"
"""Of a rep, beside the team."""

FALLING, RISING, BAD_MONTH, STEADY = "falling", "rising", "one bad month", "steady"
"""Of a rep's months, against the rep's own level."""

AHEAD, BEHIND, AS_EXPECTED, TOO_EARLY = "ahead", "behind", "as expected", "too early to tell"
"""Of a joiner, beside the average hire."""

WITHIN, BETTER, WORSE, HIGHER, LOWER = "like most", "better than most", "worse than most", "above most", "below most"
NOT_KNOWN = "too few to tell"
"""Of a rep's measure, beside the peers'."""
