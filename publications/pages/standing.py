"""The notice that the site adds to pages: superseded, what it replaces, or known to be wrong.

The pages of a version are signed and never change, and nobody knows at that time what will replace
them or prove wrong. So the site adds a notice as whole lines at one place when it lays a version
out. Its sentences are those of the language of the version, whatever that of the site is now; its
numbers and titles are those of versions and tables.
Whoever checks the version writes the very notice again and takes exactly that away. Whatever else
differs from the signed page is an alteration.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

from publications.data.manifest import MANIFEST
from publications.data.stated_words import say_as_stated
from publications.errors import WordingError
from publications.pages.edition import Edition
from publications.pages.notices import CORRECTIONS

MAIN = b'<main id="main" tabindex="-1">\n'
OPENED, CLOSED = '<aside class="inset">\n', "</aside>\n"
LEADS = re.compile(rb'<a href="\.\./v([1-9][0-9]{0,3})/index\.html">')


def standing(edition: Edition, editions: Sequence[Edition]) -> dict[str, bytes]:
    """Return the files of a version as the site shows them, given every version that is public.

    Each page of a version that was replaced says so and leads to the newest one; each page of the
    newest version of a corrected release says which one it replaced. Both lead to the notice.
    Each page of a version with figures that are known to be wrong names their tables.
    """
    numbers = [one.version for one in editions if one.quarter == edition.quarter]
    other = max((number for number in numbers if number != edition.version), default=None)
    notice = _place_notice(edition.manifest, edition.version, other)
    notice += _wrong_notice(edition.manifest, edition.known_wrong)
    return {
        path: content.replace(MAIN, MAIN + notice, 1) if path.endswith(".html") else content
        for path, content in edition.files.items()
    }


def without_standing(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files without the notice that the site adds to each page.

    Where one page has another notice than the others, or none, all stay as they are.
    """
    pages = {path: content for path, content in files.items() if path.endswith(".html")}
    if MANIFEST not in files or not pages:
        return dict(files)
    notice = _notice_on(next(iter(pages.values())), _manifest(files))
    if not notice or any(MAIN + notice not in page for page in pages.values()):
        return dict(files)
    bare = {path: page.replace(MAIN + notice, MAIN, 1) for path, page in pages.items()}
    return {**files, **bare}


def _manifest(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    """Return what the manifest says; nothing where it cannot be read, which others report."""
    try:
        manifest = json.loads(files[MANIFEST])
    except ValueError:
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _notice_on(page: bytes, manifest: Mapping[str, Any]) -> bytes:
    """Write again the notice that a page can have: its version and its tables are to be there."""
    above = page.partition(MAIN)[2].rpartition(CLOSED.encode())[0]
    try:
        return _place_on(above, manifest) + _wrong_on(above, manifest)
    except WordingError:
        return b""


def _place_on(above: bytes, manifest: Mapping[str, Any]) -> bytes:
    found, own = LEADS.search(above), manifest.get("version")
    if found is None or not isinstance(own, int):
        return b""
    return _place_notice(manifest, own, int(found[1]))


def _wrong_on(above: bytes, manifest: Mapping[str, Any]) -> bytes:
    named = [one["id"] for one in _tables(manifest) if _line(manifest, one).encode() in above]
    return _wrong_notice(manifest, named)


def _place_notice(manifest: Mapping[str, Any], version: int, other: int | None) -> bytes:
    """Say what replaced a version, or what it replaced; nothing where there is no other one."""
    if other is None or other == version:
        return b""
    if other > version:
        said = _say(manifest, "site.superseded_by", newest=other)
        leads = _say(manifest, "site.read_newest", newest=other)
    else:
        said = _say(manifest, "site.replaces", replaced=other)
        leads = _say(manifest, "site.read_replaced", replaced=other)
    links = {
        f"../v{other}/index.html": leads,
        f"../{CORRECTIONS}": _say(manifest, "site.what_was_corrected"),
    }
    lines = [f'<li><a href="{address}">{text}</a></li>\n' for address, text in links.items()]
    return _aside(f"<p><strong>{said}</strong></p>\n", lines)


def _wrong_notice(manifest: Mapping[str, Any], tables: Collection[str]) -> bytes:
    """Name the tables with figures that are known to be wrong, and say why they stay."""
    lines = [_line(manifest, one) for one in _tables(manifest) if one["id"] in tables]
    if not lines:
        return b""
    said, why = _say(manifest, "site.known_wrong.said"), _say(manifest, "site.known_wrong.why")
    return _aside(f"<p><strong>{said}</strong></p>\n<p>{why}</p>\n", lines)


def _tables(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the tables that a manifest names; those without a name are reported by others."""
    listed = manifest.get("tables")
    return [
        table
        for table in (listed if isinstance(listed, list) else ())
        if isinstance(table, dict) and {"id", "number", "title"} <= table.keys()
    ]


def _line(manifest: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    figures = {"number": table["number"], "title": table["title"]}
    return f"<li>{_say(manifest, 'site.known_wrong.table', **figures)}</li>\n"


def _say(manifest: Mapping[str, Any], key: str, **figures: object) -> str:
    """Return a text in the language of the version, escaped for a page."""
    return escape(say_as_stated(manifest, key, **figures))


def _aside(paragraphs: str, lines: Sequence[str]) -> bytes:
    return f"{OPENED}{paragraphs}<ul>\n{''.join(lines)}</ul>\n{CLOSED}".encode()
