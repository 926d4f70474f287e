"""The notice that the site adds to the pages of a version, which was not signed.

Its sentences stand here, word for word. The number of the other version and the tables are read
from the page, and the whole notice is written again from them and from the manifest. Exactly that
is taken away before a page is compared with its hash; anything else is an alteration.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

BEFORE = b'<main id="main" tabindex="-1">\n'
BOXES = re.compile(rb'(<aside class="inset">\n.*?</aside>\n){0,2}', re.DOTALL)
LINK = re.compile(rb'<a href="\.\./v([1-9][0-9]{0,3})/index\.html">')
SUPERSEDED = "Superseded: version {other} of this release has replaced this version."
REPLACES = "Corrected: this version has replaced version {other} of this release."
PLACE = (
    '<aside class="inset">\n<p><strong>{said}</strong></p>\n<ul>\n'
    '<li><a href="../v{other}/index.html">Read version {other}</a></li>\n'
    '<li><a href="../corrections.html">What was corrected: old and new figures</a></li>\n'
    "</ul>\n</aside>\n"
)
WRONG = (
    '<aside class="inset">\n'
    "<p><strong>Some figures in this version are known to be wrong.</strong></p>\n"
    "<p>To change them before the next scheduled release would reveal something about people, so "
    "they stay as they are until then. To say which figures are wrong, or how far they are off, "
    "could reveal it too, so this notice names tables only.</p>\n"
    "<ul>\n{lines}</ul>\n</aside>\n"
)
TABLE = "<li>Table {number}: {title}</li>\n"


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
    expected = _place(above, manifest.get("version"), beside) + _wrong(above, manifest)
    return expected if main.startswith(expected) else b""


def _place(above: bytes, version: object, beside: Collection[int]) -> bytes:
    """Write what is said of the version that replaced this one, or that it replaced."""
    found = LINK.search(above)
    others = set(beside) - {version}
    if found is None or not isinstance(version, int):
        return b""
    other = int(found[1])
    if other == version or (others and other != max(others)):
        return b""
    said = (SUPERSEDED if other > version else REPLACES).format(other=other)
    return PLACE.format(said=said, other=other).encode()


def _wrong(above: bytes, manifest: Mapping[str, Any]) -> bytes:
    """Write what is said of tables with figures that are known to be wrong."""
    named = [line for line in _lines(manifest.get("tables")) if line.encode() in above]
    return WRONG.format(lines="".join(named)).encode() if named else b""


def _lines(tables: object) -> Iterable[str]:
    """Give the line of each table that the manifest has."""
    for table in tables if isinstance(tables, list) else ():
        if isinstance(table, Mapping):
            title = html.escape(str(table.get("title")))
            yield TABLE.format(number=table.get("number"), title=title)
