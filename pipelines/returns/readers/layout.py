"""How a CSV file is laid out: its separator, its header, the line that its rows begin on."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from pipelines.returns.errors import PackFault
from schemas.returns import PACK
from schemas.texts import counted

# What can stand between columns, and its name; the template's own comes first.
SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
LONGEST_HEADER = 100_000
# A finding names this many columns, and counts the others.
MOST_LISTED = 10
# At most this many unknown columns are compared with the name of a column that is missing.
MOST_COMPARED = 50
# Two names look alike when this share of their letters is common to both, in order.
ALIKE = 0.7
LONGEST_NAME = 100
# Words that tables of our field have in the names of their columns, beside those of the template.
_MORE_WORDS = "ni nino dob id no number name first last surname forename address postcode phone"


@dataclass(frozen=True)
class FileLayout:
    """The layout of one file. `remarks` say, in sentences, what is not as in the template.

    `header` has a name for each column; an empty column at the right has none. The rows begin on
    line `first_line` of the file, in `body`.
    """

    header: tuple[str, ...]
    separator: str
    first_line: int
    body: bytes
    remarks: tuple[str, ...] = ()


def layout(
    content: bytes, file: str, columns: Sequence[str], optional: Sequence[str]
) -> FileLayout:
    """Find the layout in which a file has `columns`, in any order, less some of `optional`.

    Raises `PackFault` when no layout gives the file this header.
    """
    lead, content = without_lead(content)
    line, _, body = content.partition(b"\n")
    if len(line) > LONGEST_HEADER:
        found = f"Its header has {len(line):,} bytes; at most {LONGEST_HEADER:,} are read."
        raise PackFault("columns_are_those_of_the_template", file, found)
    text = line.decode()
    tried = {separator: _header(text, separator) for separator in SEPARATORS}
    headers = {separator: names for separator, names in tried.items() if names is not None}
    fits = [s for s, names in headers.items() if not differences(names, columns, optional)]
    if not fits and tried[max(SEPARATORS, key=text.count)] is None:
        found = "A quotation mark in the header is not closed."
        raise PackFault("columns_are_those_of_the_template", file, found)
    separator = fits[0] if fits else _likeliest(headers, columns)
    header = headers[separator]
    wrong = differences(header, columns, optional)
    if wrong:
        begun = [] if separator == "," else [f"Its separator is {SEPARATORS[separator]}."]
        raise PackFault("columns_are_those_of_the_template", file, " ".join([*begun, *wrong]))
    remarks = (
        (lead > 0, "Its first line gives the separator."),
        (separator != ",", f"Its separator is {SEPARATORS[separator]}."),
        (
            "" in header,
            f"It has {counted(header.count(''), 'empty column', 'empty columns')} at the right.",
        ),
    )
    said = tuple(words for holds, words in remarks if holds)
    return FileLayout(tuple(header), separator, lead + 2, body.rstrip(b"\n"), said)


def without_lead(content: bytes) -> tuple[int, bytes]:
    """Leave out the line `sep=;` that Excel writes; return how many lines stand before the rest."""
    line, _, rest = content.partition(b"\n")
    is_lead = line.strip().strip(b'"').lower() in {b"sep=" + s.encode() for s in SEPARATORS}
    # The stripped line of a tab has lost it.
    is_tab = line.strip(b'\r\n "').lower() == b"sep=\t"
    return (1, rest) if is_lead or is_tab else (0, content)


def _header(line: str, separator: str) -> list[str] | None:
    """Return the names of the columns; None where quotation marks do not fit the separator."""
    try:
        names = next(csv.reader([line], strict=True, delimiter=separator), [])
    except csv.Error:
        return None
    return [name.strip().lower() for name in names]


def _likeliest(headers: dict[str, list[str]], columns: Sequence[str]) -> str:
    """Return the separator that gives most columns of the template."""
    return max(headers, key=lambda separator: len(set(headers[separator]) & set(columns)))


def differences(
    header: Sequence[str], columns: Sequence[str], optional: Sequence[str]
) -> list[str]:
    """Say how a header differs from the template, in sentences.

    A name that was sent is shown only when all its words are words of the template or of tables of
    our field; else it could be anything, so the number of its column stands for it. A column that
    the template does not have is named with the lacking one that is spelled most like it.
    """
    named = len(header)
    while named and not header[named - 1]:
        named -= 1
    lacking = [name for name in columns if name not in header and name not in optional]
    unknown = [(at, name) for at, name in enumerate(header[:named], 1) if name not in columns]
    harmless = [name for _, name in unknown if set(name.split("_")) <= words()]
    hidden = [at for at, name in unknown if name not in harmless]
    twice = [name for name in columns if header.count(name) > 1]
    sentences = (
        (lacking, f"It lacks {_listed(lacking)}."),
        (harmless, f"The template does not have {_listed(harmless)}."),
        (hidden, f"The template does not have its columns number {_listed(hidden)}."),
        (twice, f"It has {_listed(twice)} more than once."),
        *(
            (like, f"Column {at} may be {like}.")
            for at, like in alike(unknown[:MOST_COMPARED], lacking)
        ),
    )
    return [sentence for names, sentence in sentences if names]


def alike(unknown: Sequence[tuple[int, str]], lacking: Sequence[str]) -> list[tuple[int, str]]:
    """Pair numbers of unknown columns with the lacking ones that are spelled most like them.

    Names of the same words in another order come first. Each lacking column is named once, for the
    first column that looks like it; at most ten pairs.
    """
    left = list(lacking)
    sent = {at: "_".join(re.findall(r"[a-z0-9]+", name[:LONGEST_NAME])) for at, name in unknown}
    pairs = {}
    for same_words in (True, False):
        for at, plain in sent.items():
            if at in pairs or not plain:
                continue
            same = [name for name in left if _sorted_words(name) == _sorted_words(plain)]
            near = same if same_words else get_close_matches(plain, left, n=1, cutoff=ALIKE)
            for like in near[:1]:
                left.remove(like)
                pairs[at] = like
    return sorted(pairs.items())[:MOST_LISTED]


def _sorted_words(name: str) -> list[str]:
    return sorted(name.split("_"))


@cache
def words() -> frozenset[str]:
    """Return the words that a name of a column may show."""
    names = [name for declared in PACK.returns for name in declared.names]
    used = {word for name in names for word in name.split("_") if word.isalpha()}
    return frozenset(used) | frozenset(_MORE_WORDS.split())


def _listed(names: Sequence[object]) -> str:
    """List a few names or numbers, and say how many more there are."""
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(map(str, names[:MOST_LISTED])) + more
