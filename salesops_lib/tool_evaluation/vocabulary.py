"""Words of verdicts on tools: what metrics say, and plots and sentences look for."""

MERGE, REPLACE, FIX, TRAIN, KEEP = "merge", "replace", "fix", "train", "keep"
DECISIONS = (MERGE, REPLACE, FIX, TRAIN, KEEP)
"""What the rules say of a tool, in the order in which they are tried."""

OVERDUE, DUE, LATER, PASSED, UNKNOWN = "overdue", "due", "later", "renewal has passed", "not recorded"
"""Where a contract stands on the report's evening."""

EASY, HARD, UNCLEAR, TOO_FEW = "easy to use", "hard to use", "not clear", "too few to judge"
"""What a survey says of a tool."""
