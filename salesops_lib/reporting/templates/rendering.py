"""Templates filled in: every value is escaped but what comes as markup."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesops_lib import wording
from salesops_lib.reporting.templates import markup

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent


def render(template: str, /, **values: Any) -> Markup:
    """Fill in a template of this folder.

    Args:
        template: Its name without the ending: ``section`` is ``section.html.j2``.
        values: What it names; a name that it lacks is an error, not an empty place.
    """
    return markup.trusted(_environment().get_template(f"{template}.html.j2").render(values).strip())


def piece(template: str, name: str, /, *values: Any) -> Markup:
    """Fill in one macro of a template of small pieces."""
    return markup.trusted(getattr(_environment().get_template(f"{template}.html.j2").module, name)(*values))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=clean,
    )
    environment.filters |= {
        "bare": _bare,
        "day": wording.day,
        "ended": markup.ended,
        "first_sentence": markup.first_sentence,
        "message": markup.message,
        "one_line": markup.one_line,
        "prose": markup.prose,
    }
    environment.globals |= {
        "STATUS_WORDS": wording.STATUS_WORDS,
        "UNDEFINED": wording.UNDEFINED,
        "count": wording.count,
    }
    return environment


def clean(value: object) -> object:
    """Leave out of a value what HTML may not hold; markup comes from writers that did so."""
    return value if hasattr(value, "__html__") or not isinstance(value, str) else markup.without_controls(value)


def _bare(text: str) -> str:
    """Words without the marks of bold, paired or not."""
    return text.replace("**", "")
