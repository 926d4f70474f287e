"""The gate on plainness: a page shows what it holds, and nothing that a program or style adds."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree, html

from publications.gates.expected import Expected
from publications.gates.reading import Files
from publications.views.style import style

Element = etree._Element
FORBIDDEN = frozenset({"hidden", "style", "srcdoc"})
FRAMES = frozenset({"iframe", "object", "embed", "frame", "base", "form", "tfoot"})


def pages_are_plain(release: Expected, files: Files) -> list[str]:
    """No page has a script, a style, a frame or an attribute that changes what it shows."""
    problems: list[str] = []
    for path, content in files.items():
        if path.endswith(".html"):
            page = html.document_fromstring(content.decode().strip() or "<p>")
            problems += [f"{path}: {said}" for said in _foreign(page)]
    return problems


def _foreign(page: Element) -> Iterator[str]:
    for element in page.iter(etree.Element):
        tag = str(element.tag)
        if tag == "script" and (element.get("type"), element.get("src")) != (
            "application/ld+json",
            None,
        ):
            yield "a script that is no description for search engines."
        if tag == "style" and (element.text or "").strip() != style().strip():
            yield "a style sheet that is not that of the release."
        if tag in FRAMES or (tag == "link" and element.get("rel") == "stylesheet"):
            yield f"an element {tag}, which no page of a release has."
        for name in element.attrib:
            if str(name).lower().startswith("on") or name in FORBIDDEN:
                yield f"the attribute {name!s} of {tag}, which no page of a release has."
