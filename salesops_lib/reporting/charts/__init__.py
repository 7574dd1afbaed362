"""Plot functions' charts as drawings of a page."""
