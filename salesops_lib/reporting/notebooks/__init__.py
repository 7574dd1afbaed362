"""From a template to a page: notebooks executed, read back and laid out."""
