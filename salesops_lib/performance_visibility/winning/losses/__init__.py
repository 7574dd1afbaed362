"""What was lost and why, and what kinds of deals are won."""
