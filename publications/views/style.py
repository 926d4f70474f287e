"""The style sheet of every page."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from markupsafe import Markup


@cache
def style() -> Markup:
    """Return the style sheet that every page carries, so that a page stands alone."""
    sheet = files("publications").joinpath("templates/site.css").read_text(encoding="utf-8")
    return Markup(sheet.strip())  # noqa: S704 - our own style sheet
