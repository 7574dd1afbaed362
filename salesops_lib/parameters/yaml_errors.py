"""What is wrong with a text that is not YAML, in words that help to mend it."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError

_MEANINGS = (
    (r"'\t'", "a tab stands where only spaces may. Indent with spaces."),
    (
        "mapping values are not allowed",
        "a colon stands where none is expected. Check the indentation, and quote text that holds `: `.",
    ),
    (
        "could not find expected ':'",
        "the line is not of the form `key: value`. Is a colon missing, or the indentation wrong?",
    ),
    ("unexpected end of stream", "a quote is opened {opened} and never closed. Close it."),
    ("expected ',' or", "a bracket is opened {opened} and not closed, or a comma is missing. Close it."),
    ("expected the node content", "a bracket is opened {opened} and not closed. Close it."),
    ("expected <block end>", "the line is not indented like the lines above it. Line it up with them."),
    ("undefined alias", "text that starts with `*` must stand in quotes."),
    ("another document", "a second `---` starts another document. A file holds one."),
    ("cannot start any token", "text that starts with a mark like `@`, `%` or a backquote must stand in quotes."),
    ("unacceptable character", "the line holds a character that no text has. Delete it."),
)


def explain(error: MarkedYAMLError) -> tuple[int, int, str]:
    """Line, column and a sentence; the file's own text is not repeated, as it may hold a secret."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = str(error.problem)
    for sign, sentence in _MEANINGS:
        if sign in problem:
            opened = f"on line {error.context_mark.line + 1}" if error.context_mark else "here"
            return line, column, sentence.format(opened=opened)
    return line, column, "the text is not YAML here. Check the indentation, the quotes and the colons."
