"""What a finding is: a title, sentences, how bad it is and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Status = Literal["act", "watch", "good", "note"]

STATUS_WORDS: dict[Status, str] = {
    "act": "Needs action",
    "watch": "Watch",
    "good": "On track",
    "note": "For information",
}
"""What a status is called in a report, worst first."""


@dataclass(frozen=True)
class Action:
    """What someone should do, and by when."""

    what: str
    owner: str
    due_on: date
    rule: str
    """The rule that derived it, in words the reader can look up."""


@dataclass(frozen=True)
class Finding:
    """What a section found: a title, one to four sentences, how bad it is and what to do."""

    title: str
    text: str
    """Sentences; ``**bold**`` is the only markup."""
    status: Status = "note"
    action: Action | None = None
    stake: float = 0.0
    """How much hangs on it, in the report currency where money can be named; orders findings of one status."""
    is_headline: bool = True
    """Whether the finding may open the report."""
    more_actions: tuple[Action, ...] = ()
    """Further actions, where a section looks at several things of different owners."""

    def __post_init__(self) -> None:
        """Take what comes from a frame for what it means: a page is written as JSON, which knows no numpy."""
        object.__setattr__(self, "is_headline", bool(self.is_headline))
        object.__setattr__(self, "stake", float(self.stake))


def worst_first(findings: list[Finding]) -> list[Finding]:
    """Order findings by status, then by what is at stake."""
    order = list(STATUS_WORDS)
    return sorted(findings, key=lambda finding: (order.index(finding.status), -abs(finding.stake)))
