"""The words that stand beside figures and dates, in the language in which a release is written.

English is known here. A release in another language states its words in its manifest, whose hash is
signed. It can state words for the entries below and no others: no digit, no bracket, no two
months, worksheets or answers alike. So it can neither name a marker nor hide a number in a word.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from verification.errors import FolderError
from verification.numbers import PLAIN, exact

TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")
FORBIDDEN = re.compile(r"[\d\[\]<>&\x00-\x1f]")
LONGEST = 100
LONGEST_PARAGRAPH = 600
REVISED = "spreadsheet.revisions.sheet"
SHEETS = tuple(f"spreadsheet.sheets.{name}" for name in ("cover", "contents", "notes"))
ENGLISH_TEXTS = {
    "format.dates.day": "{day} {month} {year}",
    "format.dates.clock": "{hour}:{minute}{half}",
    "format.dates.moment": "{clock} on {day}",
    "format.heading": "{title} ({unit})",
    "calendar.shown": "{day} {clock}",
    "charts.number": "Figure {number}",
    "page.chart.caption": "{name}: {title}",
    "tables.number": "Table {number}",
    "tables.number_in_text": "table {number}",
    "spreadsheet.sheets.cover": "Cover",
    "spreadsheet.sheets.contents": "Contents",
    "spreadsheet.sheets.notes": "Notes",
    REVISED: "Revised_figures",
    "spreadsheet.table.shorthand": "{title}: shorthand",
    "disclosure_control.certified.yes": "Checked",
    "disclosure_control.certified.no": "None needed",
    "quality.results.passed": "Passed",
    "quality.results.not_passed": "Not passed",
    "commentary.numbers.percent": "{figure}%",
    "commentary.numbers.tenths": "{figure} in 10",
    "site.superseded_by": "Superseded: version {newest} of this release has replaced this version.",
    "site.replaces": "Corrected: this version has replaced version {replaced} of this release.",
    "site.read_newest": "Read version {newest}",
    "site.read_replaced": "Read version {replaced}",
    "site.what_was_corrected": "What was corrected: old and new figures",
    "site.known_wrong.said": "Some figures in this version are known to be wrong.",
    "site.known_wrong.why": (
        "To change them before the next scheduled release would reveal something about people, so "
        "they stay as they are until then. To say which figures are wrong, or how far they are "
        "off, could reveal it too, so this notice names tables only."
    ),
    "site.known_wrong.table": "Table {number}: {title}",
}
"""What the verifier has to know of a release, and of the notice that the site adds to its pages."""
PARAGRAPHS = ("site.known_wrong.why",)
"""Texts that may be as long as a paragraph."""
WITH_DIGITS = ("commentary.numbers.tenths",)
"""Texts that hold the number ten and no other."""
RETURNS = (
    *("pending", "accepted", "accepted_with_queries", "partially_accepted"),
    *("rejected", "not_received", "not_yet_open"),
)
STATUSES = {"returns": RETURNS, "releases": ("confirmed", "provisional")}
DISTINCT = (
    (*SHEETS, REVISED),
    ("disclosure_control.certified.yes", "disclosure_control.certified.no"),
    ("quality.results.passed", "quality.results.not_passed"),
    ("commentary.numbers.percent", "commentary.numbers.tenths"),
    ("site.superseded_by", "site.replaces"),
)
"""Texts that must differ from one another."""


@dataclass(frozen=True)
class ReleaseWords:
    """The words of one language: names of months, texts by id, and what statuses are called.

    `statuses` has the texts by the recorded name, with spaces; empty where a status is shown as it
    is recorded.
    """

    tag: str
    months: Sequence[str]
    halves: Sequence[str]
    texts: Mapping[str, str]
    statuses: Mapping[str, frozenset[str]]

    def say(self, key: str, **figures: object) -> str:
        """Return a text filled with its figures."""
        return self.texts[key].format(**figures)

    @property
    def sheets(self) -> frozenset[str]:
        """The names of the worksheets that hold words alone."""
        return frozenset(self.texts[key] for key in SHEETS)

    @property
    def dates(self) -> re.Pattern[str]:
        """A pattern of any date as readers see it."""
        months = "|".join(map(re.escape, self.months))
        parts = {"{day}": r"\d{1,2}", "{month}": f"(?:{months})", "{year}": r"\d{4}"}
        pattern = re.split(r"(\{\w+\})", self.texts["format.dates.day"])
        return re.compile(rf"\b{''.join(parts.get(one) or re.escape(one) for one in pattern)}\b")

    def long(self, day: datetime.date) -> str:
        """Return a date as readers see it: `1 July 2025`."""
        month = self.months[day.month - 1]
        return self.say("format.dates.day", day=day.day, month=month, year=day.year)

    def written(self, value: str) -> str:
        """Return a raw figure or date as readers see it: `8,800`, `0.25`, `1 July 2025`."""
        try:
            is_date = value[4:5] == "-"
            return self.long(datetime.date.fromisoformat(value)) if is_date else _number(value)
        except ValueError:
            return value

    def ways(self, value: object) -> set[str]:
        """Return the texts that may show a recorded value."""
        if value is None:
            return {"[z]"}
        if isinstance(value, bool):
            answers = ("passed", "yes") if value else ("not_passed", "no")
            results, certified = "quality.results.", "disclosure_control.certified."
            return {self.texts[results + answers[0]], self.texts[certified + answers[1]]}
        if isinstance(value, int):
            return {f"{value:,}", self.say("commentary.numbers.percent", figure=f"{value}")}
        text = str(value)
        decimal = {self.written(text)} if PLAIN.fullmatch(text) else set()
        return {text, *self.named(text), *self.moments(text), *decimal}

    def named(self, recorded: str) -> set[str]:
        """Return what a recorded status is called, with a capital."""
        word = recorded.replace("_", " ")
        words = self.statuses.get(word, frozenset((word,)))
        return {one[:1].upper() + one[1:] for one in words}

    def moments(self, text: str) -> set[str]:
        """Return the ways to show a moment: its day, its time, or both; none for another text."""
        try:
            at = datetime.datetime.fromisoformat(text)
        except ValueError:
            return set()
        half = self.halves[at.hour // 12]
        hour, minute = (at.hour - 1) % 12 + 1, f"{at.minute:02d}"
        clock = self.say("format.dates.clock", hour=hour, minute=minute, half=half)
        both = {"day": self.long(at.date()), "clock": clock}
        shown = {self.say(key, **both) for key in ("format.dates.moment", "calendar.shown")}
        return {*both.values(), *shown, f"{at:%H:%M}"}


def _number(value: str) -> str:
    whole, point, rest = value.removeprefix("-").partition(".")
    sign = "\u2212" if value.startswith("-") and exact(value) else ""
    return f"{sign}{int(whole):,}{point}{rest}" if value else ""


ENGLISH = ReleaseWords(
    "en",
    (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    ("am", "pm"),
    ENGLISH_TEXTS,
    {},
)


def language_of(manifest: Mapping[str, Any]) -> ReleaseWords:
    """Return the language that a manifest states; English where it states none.

    Raises `FolderError` for words that are missing, too many, alike, or hold what no word holds.
    """
    if "language" not in manifest:
        return ENGLISH
    entry = manifest["language"]
    problem = next(_wrong(entry), None)
    if problem is not None:
        said = "manifest.json states words that cannot be those of a release"
        raise FolderError(f"{said}: {problem} Build the release again.")
    statuses: dict[str, set[str]] = {}
    for stated in entry["statuses"].values():
        for name, text in stated.items():
            statuses.setdefault(name.replace("_", " "), set()).add(text)
    called = {name: frozenset(texts) for name, texts in statuses.items()}
    return ReleaseWords(entry["tag"], entry["months"], entry["halves"], entry["texts"], called)


def _wrong(entry: Any) -> Iterator[str]:
    """Say what is wrong with stated words, the outer form before what it holds."""
    parts = {"tag": str, "months": list, "halves": list, "texts": dict, "statuses": dict}
    if not isinstance(entry, dict) or entry.keys() != parts.keys():
        yield f"they have not the parts {', '.join(parts)}."
        return
    for name, kind in parts.items():
        if not isinstance(entry[name], kind):
            yield f"{name} is of another kind than it should be."
    if not TAG.fullmatch(entry["tag"]) or entry["tag"] == ENGLISH.tag:
        yield "the tag is that of no other language. A release in English states no words."
    yield from _wrong_names("months", entry["months"], 12)
    yield from _wrong_names("halves", entry["halves"], 2)
    yield from _wrong_texts(entry["texts"])
    yield from _wrong_statuses(entry["statuses"])


def _wrong_names(of: str, names: Sequence[Any], wanted: int) -> Iterator[str]:
    if len(names) != wanted or not all(map(_is_word, names)) or _alike(names):
        yield f"{of} are not {wanted} different words without digits and brackets."


def _wrong_texts(texts: Mapping[str, Any]) -> Iterator[str]:
    if texts.keys() != ENGLISH_TEXTS.keys():
        yield "the texts are not those that a release has to state."
        return
    for key, english in ENGLISH_TEXTS.items():
        yield from _wrong_text(key, texts[key], english)
    for keys in DISTINCT:
        if _alike([texts[key] for key in keys]):
            yield f"{' and '.join(keys)} are alike."


def _wrong_text(key: str, text: Any, english: str) -> Iterator[str]:
    """Say what is wrong with one text, compared with what it is in English."""
    if not isinstance(text, str) or _figures(text) != _figures(english):
        yield f"{key} has not the figures of the English text, each once."
    elif len(text) > (LONGEST_PARAGRAPH if key in PARAGRAPHS else LONGEST):
        yield f"{key} is too long."
    elif re.fullmatch(r"\{\w+\}", text.strip()):
        yield f"{key} holds a figure alone."
    elif not _holds_words(_bare(key, text)) and (_bare(key, english) or _bare(key, text)):
        yield f"{key} holds no word, or a digit or bracket."


def _wrong_statuses(stated: Mapping[str, Any]) -> Iterator[str]:
    if stated.keys() != STATUSES.keys():
        yield "the statuses are not those of returns and releases."
        return
    for of, names in STATUSES.items():
        own = stated[of]
        if not isinstance(own, dict) or own.keys() != set(names):
            yield f"the statuses of {of} are not all there, or are more."
        elif not all(map(_is_word, own.values())) or _alike(own.values()):
            yield f"the statuses of {of} are not different words without digits and brackets."


def _is_word(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= LONGEST and _holds_words(text)


def _holds_words(text: str) -> bool:
    is_plain = FORBIDDEN.search(text) is None and "{" not in text and "}" not in text
    return bool(text.strip()) and is_plain


def _alike(words: Iterable[str]) -> bool:
    held = [" ".join(word.split()).casefold() for word in words]
    return len(set(held)) < len(held)


def _figures(text: str) -> list[str]:
    """Return the names of the figures in a text, sorted; a form that is no plain name is none."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return ["?"]
    plain = all(not (form or change) for _, name, form, change in parts if name is not None)
    return sorted(str(name) for _, name, _, _ in parts if name is not None) if plain else ["?"]


def _bare(key: str, text: str) -> str:
    """Return a text without its figures and joining signs, and without its ten where it has one."""
    bare = re.sub(r"\{\w+\}|[\s:,.()]", "", text)
    return bare.replace("10", "", 1) if key in WITH_DIGITS else bare
