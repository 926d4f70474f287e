"""The notice of a correction: old and new figures, where they are used, the main points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from publications.pages.corrections import (
    CorrectedFigure,
    changes_csv,
    corrections,
    figure_in_words,
    uses_in_words,
)
from publications.pages.edition import Edition
from publications.pages.effects import Pages, sentences_changed
from publications.pages.templating import render_page
from publications.wording.format import number_in_words
from publications.words import Words

CORRECTIONS = "corrections.html"
SHOWN = 30
"""How many of the changed figures the page shows; the file beside it has all."""


def notice_of(old: Edition, new: Edition, words: Words) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Compare two versions: what a notice says of them, and the file that lists every figure."""
    found = corrections(old.files, new.files, words)
    name = f"corrections-v{new.version}.csv"
    before, now = sentences_changed(Pages(old.files), Pages(new.files))
    notice = {
        "replaces": old.version,
        "name": name,
        "counted": _counted("figures", len(found.figures), words),
        "counted_marks": _counted("marks", found.marks, words),
        "is_cut": len(found.figures) > SHOWN,
        "sentences_before": before,
        "sentences_now": now,
        "changes": [_line(one, words) for one in found.figures[:SHOWN]],
        "returns": [_line(one, words) for one in found.returns],
    }
    return notice, {name: changes_csv(found.figures, words)} if found.figures else {}


def _line(change: CorrectedFigure, words: Words) -> dict[str, Any]:
    """Return what a page says of one change."""
    return {
        "change": change,
        "old": figure_in_words(change.old, words),
        "new": figure_in_words(change.new, words),
        "uses": uses_in_words(change.uses, words),
    }


def notice_page(
    notices: Sequence[Mapping[str, Any]], release: str, context: dict[str, Any], words: Words
) -> bytes:
    """Write the page of notices of one release, the newest first."""
    title = words.say("corrections.page_title", release=release)
    given = context | {"notices": notices, "at_most": SHOWN}
    return render_page("corrections.html", title, words.say("corrections.summary"), words, given)


def _counted(what: str, changed: int, words: Words) -> str:
    """Say how many figures, or marks beside them, changed; "" for none."""
    if not changed:
        return ""
    number = number_in_words(changed, words)
    return words.say(f"corrections.counted.{what}", count=changed, number=number)
