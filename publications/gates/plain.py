"""The gate on plainness: pages and charts are made of known elements, and lead to known places.

What a page or a chart may hold is declared here: elements with their attributes, classes, and the
addresses outside of the release. Everything else is refused: programs, styles, frames, pictures,
hidden parts, and links to anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from lxml import etree

from publications.data.open_data import LICENCE
from publications.gates.expected import Expected
from publications.gates.pages import text_of
from publications.gates.reading import KEPT_PAGES, Files, page_of
from publications.views.style import style
from publications.words import declared

Element = etree._Element
Allowed = Mapping[str, frozenset[str]]


def _allowed(listed: Mapping[str, str]) -> Allowed:
    return {
        name: frozenset(attributes.split())
        for names, attributes in listed.items()
        for name in names.split()
    }


HTML = _allowed(
    {
        "head title style body strong h1 ol dt dd cite figcaption details summary tr": "",
        "thead tbody": "",
        "html": "lang",
        "meta": "charset content name",
        "script": "type",
        "a": "class href rel",
        "header footer ul dl": "class",
        "div": "aria-labelledby class role tabindex",
        "section nav": "aria-label aria-labelledby class",
        "main": "id tabindex",
        "h2 h3 caption": "id",
        "p span li": "class data-source",
        "time": "data-source datetime",
        "data": "data-source id value",
        "abbr": "title",
        "table": "data-source id",
        "th": "class data-cell scope",
        "td": "class data-cell",
        "figure": "class id",
    }
)
SVG = _allowed(
    {
        "svg": "aria-labelledby fill font-family font-size height role width",
        "title desc": "id",
        "rect": "fill height width x y",
        "text": "dx font-size font-weight text-anchor x y",
    }
)
KNOWN = """
bad breadcrumbs caption chart contents date drawing good group inset leaf narrow numeric period
points ref site-footer site-header site-name skip-link small summary synthetic table-frame tag
total version wide width
"""
CLASSES = frozenset(KNOWN.split())
BY_WIDTH = {"wide", "narrow"}
"""Classes that hide what they hold on narrow or on wide pages: only drawings may have them."""
META = ("viewport", "description")
SITE = ("../index.html", "../../index.html")
"""The pages of the site that lead to a release: its versions, and all releases."""


def pages_are_plain(release: Expected, files: Files) -> list[str]:
    """Every page and chart holds known elements and attributes alone, and leads to known places."""
    problems: list[str] = []
    outside = {LICENCE, *declared("facts")["links"].values()}
    if release.contact.email:
        outside.add(f"mailto:{release.contact.email}")
    for path, content in files.items():
        if path.endswith(".html"):
            page = page_of(files, path)
            found = (*_foreign(page), *_leads_away(page, {*SITE, *outside}, files))
            problems += [f"{path}: {problem}" for problem in found]
        elif path.endswith(".svg"):
            problems += [
                f"{path}: {problem}" for problem in _elements(etree.fromstring(content), SVG)
            ]
    return problems


@lru_cache(maxsize=KEPT_PAGES)
def _foreign(page: Element) -> tuple[str, ...]:
    return tuple(_foreign_in(page))


def _foreign_in(page: Element) -> Iterator[str]:
    for element in page.iter():
        if not isinstance(element.tag, str):
            yield "a comment or an instruction, which no page of a release has."
        elif element.tag == "svg":
            yield from _elements(element, SVG)
        elif not any(one.tag == "svg" for one in element.iterancestors()):
            yield from _element(element, HTML)
            yield from _hidden(element)


def _elements(drawing: Element, allowed: Allowed) -> Iterator[str]:
    for element in drawing.iter():
        if not isinstance(element.tag, str):
            yield "a comment or an instruction, which no chart has."
        else:
            yield from _element(element, allowed)


def _element(element: Element, allowed: Allowed) -> Iterator[str]:
    """Compare an element and its attributes with those that are known."""
    tag = etree.QName(element).localname
    if tag not in allowed:
        yield f"an element {tag[:20]}, which no page or chart of a release has."
        return
    for name in map(str, element.attrib):
        if name not in allowed[tag]:
            yield f"the attribute {name[:20]} of {tag}, which no page or chart of a release has."


def _hidden(element: Element) -> Iterator[str]:
    """Find what is known by its name but says or hides something else than in a release."""
    tag, text = element.tag, (element.text or "").strip()
    if tag == "script" and element.get("type") != "application/ld+json":
        yield "a script that is no description for search engines."
    if tag == "style" and text != style().strip():
        yield "a style sheet that is not that of the release."
    if tag == "meta" and not (element.get("charset") == "utf-8" or element.get("name") in META):
        yield "a meta element that no page of a release has."
    classes = set(element.get("class", "").split())
    is_drawing = tag == "div" and [child.tag for child in element] == ["svg"]
    if not classes <= CLASSES or (classes & BY_WIDTH and not is_drawing):
        yield f"a class of {tag} that it has on no page of a release."


def _leads_away(page: Element, outside: set[str], files: Files) -> Iterator[str]:
    """Find links to anything but the release, the pages above it and the declared addresses."""
    for link in page.iter("a"):
        target = link.get("href", "")
        path, _, place = target.partition("#")
        goal = page if not path else _page(path, files)
        is_inside = path in files and not place
        is_place = goal is not None and place in _places(goal)
        if not (is_inside or is_place or target in outside):
            yield f"the link {text_of(link)[:40]!r} leads to an unknown place."


def _page(path: str, files: Files) -> Element | None:
    """Return a page of the release; None where there is none."""
    is_page = path in files and path.endswith(".html")
    return page_of(files, path) if is_page else None


@lru_cache(maxsize=KEPT_PAGES)
def _places(page: Element) -> frozenset[str | None]:
    """Return the names of all places of a page that a link may lead to; None for those without."""
    return frozenset(one.get("id") for one in page.iter())
