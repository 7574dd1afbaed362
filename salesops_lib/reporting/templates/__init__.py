"""Text into pages: the style sheets, the little markup that words may use, and the templates."""
