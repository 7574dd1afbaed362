"""Key figures: what all chapters say in one number each, and which of them are off."""
