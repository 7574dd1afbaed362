"""What the demo company's reps write about a call or an email: a phrase or two, each rep with words of their own.

What is written has nothing to do with how a deal ends, so that whatever a report finds in it is chance.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from salesops_lib.data.demo.days import Array, Columns, stream

_ABOUT_EMAILS = (
    "Sent the proposal to the finance lead",
    "Sent pricing and the case study",
    "Wrote to our champion about the pilot scope",
    "Shared the security questionnaire with their IT manager",
    "Answered questions about integrations",
    "Emailed the decision maker to get on the calendar",
    "Shared the rollout plan and the business case",
    "Recap of the meeting sent to everyone",
    "Replied to purchasing about payment terms",
    "Follow up on the trial, usage looks good",
    "Sent references from a similar customer",
    "Asked for feedback on the draft order form",
)
_ABOUT_CALLS = (
    "Spoke with the finance lead about budget",
    "Good call with our champion, they see the value",
    "Left a voicemail",
    "Went through pricing with purchasing",
    "Talked about integrations with their IT manager",
    "Discovery call, current process is manual",
    "Decision maker joined, asked about the rollout plan",
    "They are looking at a competitor as well",
    "Short call about the pilot scope",
    "Walked through the business case",
    "Talked about timing, they want to start this quarter",
    "Security review came up again",
)
_AND_THEN = (
    "",
    "Next step agreed.",
    "Will follow up next week.",
    "Waiting for an answer.",
    "Demo booked.",
    "They need sign off from the board.",
    "Asked for a discount.",
    "Decision expected this month.",
    "Need to bring in the solution engineer.",
    "No reply yet.",
    "Sent a summary.",
    "Budget is confirmed.",
    "Legal wants to see the contract first.",
    "Try again on Monday.",
)
_ABOUT = (_ABOUT_EMAILS, _ABOUT_CALLS)
"""By the number of the activity's kind: emails come first, then calls."""
NOTES = tuple(f"{about}. {then}".strip() for kind in _ABOUT for about, then in product(kind, _AND_THEN))
_NOTED_SHARE = 0.5
_TASTE = 0.6
"""Standard deviation of the logarithm of how readily a rep uses a phrase."""


def note_codes(seed: int, rows: Columns, n_reps: int) -> Array:
    """The place in ``NOTES`` of what stands beside each activity; -1 for nothing.

    Only emails and calls on deals have any.

    Args:
        seed: Of the company.
        rows: Activities, with rep, deal (-1 for none) and kind.
        n_reps: Reps of the company.
    """
    rng = stream(seed, "notes")
    can_have = (rows["deal"] >= 0) & (rows["kind"] < len(_ABOUT))
    has_note = can_have & (rng.random(len(rows["rep"])) < _NOTED_SHARE)
    about = _phrases(rng, rows["rep"], n_reps, len(_ABOUT_EMAILS))
    then = _phrases(rng, rows["rep"], n_reps, len(_AND_THEN))
    code = (rows["kind"] * len(_ABOUT_EMAILS) + about) * len(_AND_THEN) + then
    return np.where(has_note, code, -1)


def _phrases(rng: np.random.Generator, rep: Array, n_reps: int, n_phrases: int) -> Array:
    """A phrase for each row, by the taste of its rep."""
    edges = np.exp(_TASTE * rng.normal(size=(n_reps, n_phrases))).cumsum(axis=1)
    # One number line for all reps, so that one search finds every phrase.
    line = (edges / edges[:, -1:] + np.arange(n_reps)[:, None]).ravel()
    drawn: Array = np.searchsorted(line, rep + rng.random(len(rep)), side="right")
    phrase: Array = np.minimum(drawn - rep * n_phrases, n_phrases - 1)
    return phrase
