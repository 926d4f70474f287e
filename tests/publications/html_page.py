"""A page as the accessibility rules see it, and colours as eyes see them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from lxml import html

VOID = {"meta", "link", "img", "br", "hr", "input", "col", "wbr", "source"}
"""Elements that have no end tag in HTML."""


class Tags(HTMLParser):
    """The elements that are open, and what was wrong with ends of elements."""

    def __init__(self):
        super().__init__()
        self.open, self.faults = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """An element that ends where it begins, as in SVG."""

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> stands in {self.open[-1:]}")


def unbalanced(content: bytes) -> list[str]:
    """The elements of a page that are not closed, or closed where they are not open."""
    tags = Tags()
    tags.feed(content.decode("utf-8"))
    tags.close()
    return [*tags.faults, *(f"<{tag}> is not closed" for tag in tags.open)]


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
