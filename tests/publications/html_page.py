"""A page as the accessibility rules see it, and colours as eyes see them."""

from __future__ import annotations

import re

from lxml import html


def page(content: bytes):
    """The parsed page."""
    return html.document_fromstring(content.decode("utf-8"))


def luminance(colour: str) -> float:
    """The relative luminance of a #rrggbb colour (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def rules(sheet: str):
    """Selector and declarations of every simple rule of a style sheet."""
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
        yield selector.strip(), {name.strip(): value.strip() for name, value in pairs}


def name_of(element) -> str:
    """The text that names an element for assistive technology."""
    return " ".join(element.text_content().split()) or element.get("aria-label", "")
