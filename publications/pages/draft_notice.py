"""The notice of a correction before it is published, for those who decide."""

from __future__ import annotations

from typing import Any

from publications.pages.edition import Edition
from publications.pages.notices import CORRECTIONS, notice_of, notice_page
from publications.pages.preview import marked
from publications.pages.templating import statement
from publications.wording.naming import series_name
from publications.words import Words


def draft_notice(old: Edition, new: Edition, words: Words) -> dict[str, bytes]:
    """Write the notice that `new` would be published with, marked as a draft, and its figures.

    No time of publication is known, so none is shown.
    """
    notice, files = notice_of(old, new, words)
    address = f"v{new.version}/index.html"
    said = {
        "number": new.version,
        "address": address,
        "published": None,
        "reason": new.reason,
        "severity": words.section("corrections.severities").get(new.severity, ""),
    }
    title = new.manifest["title"]
    entry = {"title": title, "label": new.quarter.label, "designation": new.manifest["designation"]}
    context: dict[str, Any] = {
        "home": address,
        "breadcrumbs": [],
        "pages": [],
        "version": None,
        "synthetic": statement(words) if new.manifest["synthetic"] else "",
        "organisation": series_name(words),
        "entry": entry,
    }
    page = notice_page([{**said, **notice}], title, context, words)
    return marked({CORRECTIONS: page, **files}, words.say("corrections.draft"), words)
