"""A month's pack: its reports side by side, its first page, its files, its place in the reports folder."""
