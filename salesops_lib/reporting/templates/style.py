"""The kit's style sheets, read from the template folder and packed for where they go."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from salesops_lib import theme

MOST_COLUMNS = 24
"""Columns of a table whose figures can stand to the right."""

TEMPLATE = Path(__file__).parent
LAB_STYLE_END = "<!--so-style-end-->"
_LAB_DARK = ':is([data-jp-theme-light="false"],.vscode-dark) '


@cache
def packed(name: str) -> str:
    """A style sheet or script of the template folder without comments and needless space."""
    text = (TEMPLATE / name).read_text(encoding="utf-8")
    if name.endswith(".css"):
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        text = re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", text))
        return re.sub(r"(?<=[\w-]):\s+", ":", text).replace(";}", "}").strip()
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _numbers() -> str:
    """A rule a column: cheaper than a class on each of a thousand cells."""
    return "".join(
        f".so .so-n{place} tr>:nth-child({place}){{text-align:right}}" for place in range(1, MOST_COLUMNS + 1)
    )


@cache
def blocks_style() -> str:
    """The style of blocks, in the light."""
    return packed("blocks.css") + _numbers()


def _dark(before: str = "") -> str:
    """The dark values, and the charts' colours swapped one by one."""
    swaps = "".join(
        f'{before}.so [{what}="{light}"]{{{what}:{dark}}}'
        for light, dark in theme.DARK.items()
        for what in ("fill", "stroke")
    )
    return before + packed("dark.css") + swaps


@cache
def lab_style() -> str:
    """The scoped style as JupyterLab needs it: in every output, for it drops those out of sight."""
    return f"<style>{blocks_style()}{packed('lab.css')}{_dark(_LAB_DARK)}</style>{LAB_STYLE_END}"


@cache
def page_style() -> str:
    """The style of a whole page: blocks, page, paper and the dark."""
    dark = f"@media screen and (prefers-color-scheme:dark){{{_dark()}}}"
    return blocks_style() + packed("page.css") + dark
