"""Edits of finished files for tests of the gates: texts replaced, places swapped, forms added."""

from __future__ import annotations

import io
import random
import re
import zipfile
from bisect import bisect_right
from collections.abc import Callable

from schemas.opendocument import packed
from tests.publications.changes import sealed

Files = dict[str, bytes]
BOOK = "content.xml"


def replaced(files: Files, file: str, old: str, new: str, part: str = "") -> Files:
    """The files with the first such text replaced, sealed again; `part` is one of a spreadsheet."""

    def edit(text: str) -> str:
        assert old in text, f"{old} is not in {file}"
        return text.replace(old, new, 1)

    return edited(files, file, edit, part)


def swapped(files: Files, file: str, pattern: str) -> Files:
    """The files with the groups of the first two matches swapped, sealed again."""

    def edit(text: str) -> str:
        found = re.finditer(pattern, text)
        one = next(found)
        other = next(match for match in found if match[1] != one[1])
        between = text[one.end(1) : other.start(1)]
        return f"{text[: one.start(1)]}{other[1]}{between}{one[1]}{text[other.end(1) :]}"

    return edited(files, file, edit)


def edited(files: Files, file: str, edit: Callable[[str], str], part: str = "") -> Files:
    """The files with one of them edited, sealed again."""
    path = next(path for path in files if path.endswith(file))
    content = files[path]
    if part:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts[part] = changed(parts[part], edit)
        content = packed(parts, stored=("mimetype",))
    else:
        content = changed(content, edit)
    return sealed({**files, path: content})


def changed(content: bytes, edit: Callable[[str], str]) -> bytes:
    """The content edited as a text; the edit must change it."""
    new = edit(content.decode()).encode()
    assert new != content
    return new


# ---- edits that are drawn ----

NUMBER = re.compile(r'(?<=[="> ,])\d[\d.]*(?=["%< ,])')
ATTRIBUTE = re.compile(r'(?<= )[a-z][\w:-]*(?==")')
ELEMENT = re.compile(r"<(text|rect|td|li|p|abbr)\b[^>]*>[^<]*</\1>|<rect\b[^>]*/>")
MARK = re.compile(r" <abbr[^>]*>\[i\]</abbr>|(?<=\d) \[i\]|<text:p>\[i\]</text:p>")
FIGURE = re.compile(r"(?<=</data>)|(?<=\d)(?=</text>|</td>)")
WORD = re.compile(r"(?<=[ >])[A-Za-z]{4,}(?=[ <.,])")
KEY = re.compile(r'(?<=")\w+(?=": )')


def drawn(chance: random.Random) -> Callable[[str], str]:
    """An edit drawn by chance, that changes a text whatever it holds."""
    kinds = (_digit, _attribute, _dropped, _doubled, _unmarked, _marked, _word, _key)
    order = chance.sample(kinds, len(kinds))

    def edit(text: str) -> str:
        tried = (kind(text, chance) for kind in order)
        return next(new for new in tried if new != text)

    return edit


def _at(pattern: re.Pattern[str], text: str, chance: random.Random, new: str | Callable) -> str:
    opened, closed = _ends_of("<style", text), _ends_of("</style", text)
    places = [
        match
        for match in pattern.finditer(text)
        if _last(opened, match.start()) <= _last(closed, match.start())
    ]
    if not places:
        return text
    place = chance.choice(places)
    statement = new if isinstance(new, str) else new(place[0])
    return f"{text[: place.start()]}{statement}{text[place.end() :]}"


def _ends_of(mark: str, text: str) -> list[int]:
    return [match.end() for match in re.finditer(mark, text)]


def _last(ends: list[int], at: int) -> int:
    """The last of the sorted places that is not after another one; -1 where all are."""
    return ends[bisect_right(ends, at) - 1] if ends and ends[0] <= at else -1


def _digit(text: str, chance: random.Random) -> str:
    return _at(NUMBER, text, chance, lambda old: f"{(int(old[0]) + 1) % 10}{old[1:]}")


def _attribute(text: str, chance: random.Random) -> str:
    return _at(ATTRIBUTE, text, chance, "transform")


def _dropped(text: str, chance: random.Random) -> str:
    return _at(ELEMENT, text, chance, "")


def _doubled(text: str, chance: random.Random) -> str:
    return _at(ELEMENT, text, chance, lambda old: old + old)


def _unmarked(text: str, chance: random.Random) -> str:
    return _at(MARK, text, chance, "")


def _marked(text: str, chance: random.Random) -> str:
    return _at(FIGURE, text, chance, " [i]")


def _word(text: str, chance: random.Random) -> str:
    return _at(WORD, text, chance, lambda old: old[::-1])


def _key(text: str, chance: random.Random) -> str:
    return _at(KEY, text, chance, lambda old: f"{old}s")
