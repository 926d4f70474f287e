"""The notice that the site adds to the pages of a corrected release, which was not signed.

It has one form and one place, and no numbers but those of the versions that it leads to. It is
taken away before a page is compared with its hash; anything else on a page is an alteration.
"""

from __future__ import annotations

import re

BEFORE = b'<main id="main" tabindex="-1">\n'
START, END = b'<aside class="inset">\n', b"</aside>\n"
SENTENCE = re.compile(rb"<p><strong>([^<>&\n]{1,300})</strong></p>\n<ul>\n")
LINK = re.compile(
    rb'<li><a href="\.\./(index\.html|corrections\.html|v[1-9][0-9]{0,3}/index\.html)">'
    rb"([^<>&\n]{1,300})</a></li>\n"
)
LIST_END = b"</ul>\n"
DIGITS = re.compile(rb"[0-9]+")


def as_signed(path: str, content: bytes) -> bytes:
    """Return a page without the notice of the site; any other file as it is."""
    place = content.find(BEFORE + START)
    if not path.endswith(".html") or place < 0:
        return content
    start = place + len(BEFORE)
    end = content.find(END, start) + len(END)
    if end < start or not _is_notice(content[start + len(START) : end - len(END)]):
        return content
    return content[:start] + content[end:]


def _is_notice(inner: bytes) -> bool:
    """Whether this is a sentence and a list of links, with no numbers but those of the links."""
    sentence = SENTENCE.match(inner)
    if sentence is None or not inner.endswith(LIST_END):
        return False
    rest = inner[sentence.end() : -len(LIST_END)]
    links = LINK.findall(rest)
    if not links or LINK.sub(b"", rest):
        return False
    versions = {digits for address, _ in links for digits in DIGITS.findall(address)}
    texts = (sentence[1], *(text for _, text in links))
    return {digits for text in texts for digits in DIGITS.findall(text)} <= versions
