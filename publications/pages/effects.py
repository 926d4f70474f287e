"""Where figures of a version are used on its pages, and what its main points say.

Both are read from the published pages themselves, so they hold of any version that readers have.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import html

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Files = Mapping[str, bytes]
BULLETIN, QUALITY, FIGURES = "index.html", "quality.html", "figures.json"
POINTS, TEXT, TABLE, CHART, REPORT = "main_points", "text", "table", "chart", "quality"
PLACES = (POINTS, TEXT, CHART, TABLE, REPORT)
"""The places where a figure can be used, in the order in which they are named."""


@dataclass(frozen=True, eq=False)
class Pages:
    """The pages of a version with what they cite."""

    files: Files

    @cached_property
    def main_points(self) -> tuple[str, ...]:
        """The sentences of the main points, in order, as readers see them."""
        return tuple(
            _text(item) for item in self._page(BULLETIN).iterfind(".//ul[@class='points']/li")
        )

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The paragraphs of the bulletin that show figures of its tables, main points first."""
        page = self._page(BULLETIN)
        cited = [p for p in page.iterfind(".//section/p") if p.find(".//data") is not None]
        return (*self.main_points, *(_text(paragraph) for paragraph in cited))

    @cached_property
    def uses(self) -> Mapping[tuple[str, int], frozenset[str]]:
        """The places that show a figure, by the path of its CSV file and its row there."""
        found: dict[tuple[str, int], set[str]] = {}
        for path in (BULLETIN, QUALITY):
            if path in self.files:
                for at, place in self._cited(path):
                    file, _, cell = at.partition("#cell=")
                    if cell:
                        found.setdefault((file, int(cell.split(",")[0])), set()).add(place)
        return {key: frozenset(places) for key, places in found.items()}

    def _cited(self, path: str) -> Iterator[tuple[str, str]]:
        """Give the address of each figure that a page shows, with the place where it stands."""
        page = self._page(path)
        for number in page.iter("data"):
            place = REPORT if path == QUALITY else POINTS if _in(number, "points") else TEXT
            yield from ((cell, place) for cell in self._cells.get(number.get("id", ""), ()))
        for table in page.iter("table"):
            place, source = CHART if _in(table, "chart") else TABLE, table.get("data-source", "")
            for cell in table.iterfind(".//td[@data-cell]") if source.endswith(".csv") else ():
                yield f"{source}#cell={cell.get('data-cell')}", place

    @cached_property
    def _cells(self) -> Mapping[str, tuple[str, ...]]:
        """The cells behind each number of the text, by the id of the number."""
        listed = json.loads(self.files[FIGURES])["figures"]
        return {entry["id"]: tuple(cell["at"] for cell in entry["cells"]) for entry in listed}

    def _page(self, path: str) -> Element:
        return html.document_fromstring(self.files[path].decode())


def _text(element: Element) -> str:
    """Return the text of an element, as readers see it."""
    return " ".join("".join(map(str, element.itertext())).split())


def _in(element: Element, name: str) -> bool:
    """Whether an element stands in another of a class."""
    return any(name in one.get("class", "").split() for one in element.iterancestors())


def rows_of(files: Files, path: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the rows of a CSV file by their number, the heading being row 1."""
    return enumerate(csv.DictReader(io.StringIO(files[path].decode())), start=2)


def sentences_changed(old: Pages, new: Pages) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sentences of the main points that only the old, and only the new version has."""
    before, after = old.main_points, new.main_points
    return (
        tuple(text for text in before if text not in after),
        tuple(text for text in after if text not in before),
    )


def bulletin_changed(old: Pages, new: Pages) -> tuple[str, ...]:
    """Return the sentences of the new bulletin that the old one lacks; failing such, those gone."""
    before, after = old.sentences, new.sentences
    added = tuple(text for text in after if text not in before)
    return added or tuple(text for text in before if text not in after)
