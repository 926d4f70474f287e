"""Where a report on a pack says two things that cannot both be so."""

from __future__ import annotations

from pipelines.returns.answers.answering import NOTHING, QUESTIONS, REFUSED, ROWS, WAITS
from pipelines.returns.answers.content import MEANINGS, Report

REFUSES, LEAVES_OUT, ASKS, _ = MEANINGS.values()


def contradictions(made: Report) -> list[str]:
    """Return what a report says against its own status; empty for a report that agrees."""
    status = made.submission["status"]
    said = set(made.findings["severity"])
    refused, partial = status == "rejected", status == "partially accepted"
    asked = made.submission["queries"] > 0
    agrees = {
        "a finding refuses the pack": (REFUSES in said) == refused,
        "its first paragraph refuses it": ("refused as a whole" in made.outcome) == refused,
        "it says to correct the causes": (REFUSED in made.todo) == refused,
        "it waits": (WAITS in made.todo) == (status == "pending"),
        "something is left out": refused or (LEAVES_OUT in said) == partial,
        "its first paragraph leaves something out": ("left out" in made.outcome) == partial,
        "it says to correct what was left out": (ROWS in made.todo) == partial,
        "a finding asks": refused or (ASKS in said) == asked,
        "it says to answer": (QUESTIONS in made.todo) == (asked and not refused),
        "nothing is to be done": (NOTHING in made.todo) == (status == "accepted"),
        "rules and rows mean the same": set(made.rules["severity"]) == said,
    }
    return [words for words, holds in agrees.items() if not holds]
