"""What one call of a run displays: markup for the eye, data for the page.

JupyterLab shows the markup with the kit's scoped style. The page reads the data beside it (a mime
type of the kit's own) to know what the block is, and keeps style and order for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from salesops_lib.reporting.templates.markup import trusted
from salesops_lib.reporting.templates.style import LAB_STYLE_END, lab_style

MIME = "application/vnd.salesops.section+json"
"""Mime type of a block's data."""

QUESTION = trusted("<!--so-question-->")
CAPTION = trusted("<!--so-caption-->")
"""Where a page puts the notebook's question and its reading aid."""

_SCOPE = '<div class="so mathjax_ignore tex2jax_ignore">'
"""Around a block in a notebook. JupyterLab (MathJax 3) and nbconvert's own pages (MathJax 2) take what stands between
two dollars for a formula; each has its own word for leaving an element alone."""

Kind = Literal[
    "masthead", "headlines", "cards", "section", "missing", "coverage", "actions", "checks", "definitions", "details"
]


@dataclass(frozen=True)
class Block:
    """One displayed part of a report."""

    kind: Kind
    html: str
    data: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    """What a plain terminal shows."""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """What IPython sends to the notebook."""
        return {
            "text/plain": self.text or self.kind,
            "text/html": f"{lab_style()}{_SCOPE}{self.html}</div>",
            MIME: {"kind": self.kind, **self.data},
        }


def markup_of(output_html: str) -> str:
    """A block's markup as a page needs it: without the style and the scope that JupyterLab needs."""
    html = output_html.partition(LAB_STYLE_END)[2] or output_html
    return html.removeprefix(_SCOPE).removesuffix("</div>") if html.startswith(_SCOPE) else html
