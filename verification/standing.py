"""The notice that the site adds to the pages of a version, which was not signed.

Its sentences are those of the language of the release, which the manifest states with the other
words that a reader of it has to know. The number of the other version and the tables are read from
the page, and the whole notice is written again from them and from the manifest. Exactly that is
taken away before a page is compared with its hash; anything else is an alteration.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from verification.language import ReleaseWords, language_of

BEFORE = b'<main id="main" tabindex="-1">\n'
BOXES = re.compile(rb'(<aside class="inset">\n.*?</aside>\n){0,2}', re.DOTALL)
LINK = re.compile(rb'<a href="\.\./v([1-9][0-9]{0,3})/index\.html">')
LINE = '<li><a href="{address}">{text}</a></li>\n'
BOX = '<aside class="inset">\n{paragraphs}<ul>\n{lines}</ul>\n</aside>\n'


def as_signed(
    files: Mapping[str, bytes], manifest: Mapping[str, Any], beside: Collection[int] = ()
) -> dict[str, bytes]:
    """Return files without the notice of the site, which is to be the same on every page.

    `beside` are the numbers of the versions that lie beside this one, itself among them. Where
    there are others, the notice has to lead to the newest of them.
    """
    pages = {path: content for path, content in files.items() if path.endswith(".html")}
    notices = {_notice_on(page, manifest, beside) for page in pages.values()}
    if len(notices) != 1:
        return dict(files)
    [notice] = notices
    bare = {path: page.replace(BEFORE + notice, BEFORE, 1) for path, page in pages.items()}
    return {**files, **bare}


def _notice_on(page: bytes, manifest: Mapping[str, Any], beside: Collection[int]) -> bytes:
    """Return the notice that stands on a page, written again; nothing when it differs from that."""
    main = page.partition(BEFORE)[2]
    boxes = BOXES.match(main)
    above = boxes[0] if boxes else b""
    words = language_of(manifest)
    expected = _place(above, manifest.get("version"), beside, words)
    expected += _wrong(above, manifest, words)
    return expected if main.startswith(expected) else b""


def _place(above: bytes, version: object, beside: Collection[int], words: ReleaseWords) -> bytes:
    """Write what is said of the version that replaced this one, or that it replaced."""
    found = LINK.search(above)
    others = set(beside) - {version}
    if found is None or not isinstance(version, int):
        return b""
    other = int(found[1])
    if other == version or (others and other != max(others)):
        return b""
    if other > version:
        said = words.say("site.superseded_by", newest=other)
        leads = words.say("site.read_newest", newest=other)
    else:
        said = words.say("site.replaces", replaced=other)
        leads = words.say("site.read_replaced", replaced=other)
    lines = [
        LINE.format(address=f"../v{other}/index.html", text=html.escape(leads)),
        LINE.format(
            address="../corrections.html",
            text=html.escape(words.say("site.what_was_corrected")),
        ),
    ]
    return _box(f"<p><strong>{html.escape(said)}</strong></p>\n", lines)


def _wrong(above: bytes, manifest: Mapping[str, Any], words: ReleaseWords) -> bytes:
    """Write what is said of tables with figures that are known to be wrong."""
    lines = _lines(manifest.get("tables"), words)
    named = [line for line in lines if line.encode() in above]
    said = html.escape(words.say("site.known_wrong.said"))
    why = html.escape(words.say("site.known_wrong.why"))
    return _box(f"<p><strong>{said}</strong></p>\n<p>{why}</p>\n", named) if named else b""


def _lines(tables: object, words: ReleaseWords) -> Iterable[str]:
    """Give the line of each table that the manifest has."""
    for table in tables if isinstance(tables, list) else ():
        if isinstance(table, Mapping):
            figures = {"number": table.get("number"), "title": table.get("title")}
            yield f"<li>{html.escape(words.say('site.known_wrong.table', **figures))}</li>\n"


def _box(paragraphs: str, lines: Iterable[str]) -> bytes:
    return BOX.format(paragraphs=paragraphs, lines="".join(lines)).encode()
