"""The notice that the site adds to pages of a corrected release: superseded, or what it replaces.

The pages of a version are signed and never change, and nobody knows at that time what will replace
them. So the site adds a notice of one fixed form, as whole lines at one place, when it lays a
version out; whoever checks the version takes these lines away first. Whatever else differs from the
signed page is an alteration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from publications.pages.edition import Edition
from publications.pages.notices import CORRECTIONS
from publications.words import Words

MAIN = b'<main id="main" tabindex="-1">\n'
LINKS = rf'<a href="\.\./(?:{re.escape(CORRECTIONS)}|(?:v[1-9][0-9]{{0,3}}/)?index\.html)">'
TEXT = r"[^<>&\n]{1,300}"
NOTICE = re.compile(
    re.escape(MAIN)
    + (
        r'(<aside class="inset">\n'
        rf"<p><strong>{TEXT}</strong></p>\n"
        rf"<ul>\n(?:<li>{LINKS}{TEXT}</a></li>\n)+</ul>\n"
        r"</aside>\n)"
    ).encode()
)
VERSION, NUMBER = re.compile(rb'"\.\./v([0-9]+)/'), re.compile(rb">[^<]*<")


def standing(edition: Edition, editions: Sequence[Edition], words: Words) -> dict[str, bytes]:
    """Return the files of a version as the site shows them, given every version that is public.

    Each page of a version that was replaced says so and leads to the newest one; each page of the
    newest version of a corrected release says which one it replaced. Both lead to the notice.
    """
    numbers = sorted(one.version for one in editions if one.quarter == edition.quarter)
    if len(numbers) < 2:
        return dict(edition.files)
    later = [number for number in numbers if number > edition.version]
    if later:
        said = words.say("site.superseded_by", newest=later[-1])
        leads = (later[-1], words.say("site.read_newest", newest=later[-1]))
    else:
        said = words.say("site.replaces", replaced=numbers[-2])
        leads = (numbers[-2], words.say("site.read_replaced", replaced=numbers[-2]))
    notice = _notice(said, *leads, words)
    return {
        path: content.replace(MAIN, MAIN + notice, 1) if path.endswith(".html") else content
        for path, content in edition.files.items()
    }


def _notice(said: str, version: int, leads: str, words: Words) -> bytes:
    links = {
        f"../v{version}/index.html": leads,
        f"../{CORRECTIONS}": words.say("site.what_was_corrected"),
    }
    items = "".join(f'<li><a href="{address}">{text}</a></li>\n' for address, text in links.items())
    return (
        f'<aside class="inset">\n<p><strong>{said}</strong></p>\n<ul>\n{items}</ul>\n</aside>\n'
    ).encode()


def without_standing(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files without the notice that the site adds to pages; anything else stays."""
    return {
        path: _without(content) if path.endswith(".html") else content
        for path, content in files.items()
    }


def _without(page: bytes) -> bytes:
    """Take the notice away. Its only numbers are those of versions that it leads to."""
    found = NOTICE.search(page)
    if found is None:
        return page
    led_to = set(VERSION.findall(found[1]))
    said = {digits for text in NUMBER.findall(found[1]) for digits in re.findall(rb"[0-9]+", text)}
    if not said <= led_to:
        return page
    return page[: found.start(1)] + page[found.end(1) :]
