"""The gate on marks: a figure in the text has its shorthand beside it where the open data has."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from publications.gates.expected import Expected
from publications.gates.pages import text_of
from publications.gates.reading import Files, cell_at, json_of, lines_of, pages_of
from publications.words import Words

Element = etree._Element


def marks_beside_figures(release: Expected, files: Files) -> list[str]:
    """Every figure of the text has the mark of its cell beside it, and no other mark stands there.

    A number that is worked out of several cells has none. Tables and charts show figures with
    their marks as one text, which other gates compare.
    """
    cited = {
        entry["id"]: entry["cells"][0]["at"]
        for entry in json_of(files, "figures.json")["figures"]
        if entry["operation"] == "cell"
    }
    problems: list[str] = []
    for path, page in pages_of(files):
        found = _unlike(page, cited, files, release.words)
        problems += [f"{path}: {problem}" for problem in found]
    return problems


def _unlike(page: Element, cited: dict[str, str], files: Files, words: Words) -> Iterator[str]:
    names, due = words.section("shorthand.names"), set()
    for number in page.iter("data"):
        at = cited.get(number.get("id", ""))
        mark, beside = mark_at(files, at) if at else "", number.getnext()
        if mark:
            due.add(beside)
            if not _is_mark(number, beside, names.get(mark, ""), mark):
                yield f"the mark [{mark}] is not beside the figure {text_of(number)!r}."
    for shown in page.iter("abbr"):
        if shown not in due:
            yield f"a mark {text_of(shown)[:10]!r} stands where the open data has none."


def mark_at(files: Files, at: str) -> str:
    """Return the marker in the line of a cell of the open data."""
    path, _, place = at.partition("#cell=")
    column = lines_of(files, path)[0].index("marker") + 1
    return cell_at(files, f"{path}#cell={place.partition(',')[0]},{column}") or ""


def _is_mark(number: Element, beside: Element | None, name: str, mark: str) -> bool:
    if beside is None or beside.tag != "abbr" or number.tail != " ":
        return False
    return (beside.get("title"), text_of(beside)) == (name, f"[{mark}]")
