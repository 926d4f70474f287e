"""What the feedback to one area says, section by section, for page, CSV and workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

import reference
from operations.desk.release_files import ReleaseFiles, release_files
from operations.errors import FeedbackError
from operations.feedback.evidence import OnRecord, assured, on_record
from operations.feedback.place import (
    LEAST_LIKE,
    PER,
    Row,
    area_rows,
    breakdown,
    known_codes,
    like_areas,
    names_of,
    places,
    planned_of,
)
from operations.home.clock import LONDON, now
from operations.home.rehearsal import labels
from operations.home.settings import Settings
from operations.releases.publishing import every_published
from operations.releases.release_records import published_at
from operations.releases.release_store import folder_of, release_time, versions
from pipelines.quality.assurance import WANTED, Assurance, Practice
from pipelines.returns.answers.by_rule import by_rule
from pipelines.returns.answers.content import ILLUSTRATIVE, MEANINGS, RULES
from pipelines.returns.answers.earlier import RETURNS, own_returns
from publications.wording.explanations import shorthand
from publications.words import words_in
from schemas.quarter import Quarter

AREA = "delivery_area_code"
QUARTERS_SHOWN = 8
MADE_UP = "The returns hold made-up people."
DAY = "%-d %B %Y at %H:%M"


@dataclass(frozen=True)
class Section:
    """One table of the feedback: its title, what to know about it, headings and rows."""

    title: str
    notes: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Feedback:
    """The feedback to one area on one quarter; no row is about a participant.

    `release` is the version that figures are from; `level` is A0 to A3, "" where it was not open.
    """

    area: str
    release: str
    level: str
    title: str
    labels: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class PublicQuarter:
    """A public release and what is on record of the returns behind it, read once for all areas."""

    release: ReleaseFiles
    published: datetime
    record: OnRecord
    assured: dict[str, Assurance]


def public_quarter(settings: Settings, quarter: Quarter) -> PublicQuarter:
    """Read what the feedback on a quarter is made from.

    Raises `FeedbackError` for a quarter that is not public: its figures would reach an area before
    readers.
    """
    public = [version for known, version in every_published(settings) if known == quarter]
    if not public:
        raise FeedbackError(_not_public(settings, quarter))
    version = max(public)
    at = published_at(settings, quarter, version)
    if at is None:
        raise FeedbackError(_not_public(settings, quarter))
    record = on_record(settings, quarter, QUARTERS_SHOWN)
    return PublicQuarter(release_files(settings, quarter, version), at, record, assured(record))


def _not_public(settings: Settings, quarter: Quarter) -> str:
    why = f"{quarter.label} is not public, and feedback holds its figures: an area may not see "
    known = versions(settings, quarter)
    if not known:
        return f"{why}them before readers do. Nothing was built yet: ctw build {quarter.id}"
    at = release_time(folder_of(settings, quarter, known[-1])).astimezone(LONDON)
    return (
        f"{why}them before readers do. Its release is planned for {at.strftime(DAY)}; publish it "
        f"then, and run ctw feedback {quarter.id} after that."
    )


def feedback(settings: Settings, public: PublicQuarter, code: str) -> Feedback:
    """Return the feedback to one area; raises `FeedbackError` for an area that is not on the list.

    An area that was not open in the quarter has no quality level and no returns.
    """
    quarter = public.release.quarter
    names = dict(reference.delivery_areas(quarter.end).select(AREA, "delivery_area_name").rows())
    if code not in names:
        raise FeedbackError(
            f"There is no such delivery area in {quarter.label}. The codes are in "
            "docs/data-dictionary.md, such as CTW-EN01."
        )
    packs = public.record.packs.filter(pl.col(AREA) == code)
    is_made_up = bool(packs["synthetic"].any())
    level = public.assured.get(code)
    return Feedback(
        names[code],
        public.release.label,
        level.level.name if level else "",
        f"Feedback to {names[code]} on {quarter.label}",
        (*labels(settings), ILLUSTRATIVE, *([MADE_UP] if is_made_up else [])),
        (
            ("Delivery area", f"{names[code]} ({code})"),
            ("Figures from", f"{public.release.label}, published {_moment(public.published)}"),
            ("Written", _moment(now(settings))),
            ("Data quality level", _level_words(level)),
        ),
        (
            _places(public.release, code),
            _criteria(level),
            _returns(packs, quarter),
            _errors(public.record, packs),
            _figures(public.release, code),
        ),
    )


def areas_of(quarter: Quarter) -> list[str]:
    """Return the codes of all areas of a quarter."""
    return sorted(known_codes(quarter))


def _moment(at: datetime) -> str:
    return at.astimezone(LONDON).strftime(DAY)


def _level_words(level: Assurance | None) -> str:
    if level is None:
        return "none: the area was not open in the quarter"
    found = level.level
    reached = "as wanted" if found >= WANTED else f"{WANTED.name} ({WANTED.words}) is wanted"
    return f"{found.name} ({found.words} assurance); {reached}"


def _places(release: ReleaseFiles, code: str) -> Section:
    like = like_areas(code, release.quarter)
    planned = planned_of(code, release.quarter)
    if planned is None:
        about = "It is not known how many participants are planned for your area, so no area is "
        about += "like it."
    else:
        others = names_of((area for area in like if area != code), release.quarter)
        wide = f"planned for between half and twice as many participants as yours ({planned:,})"
        about = (
            f"Like areas are {wide}. They are {_listed(others)}."
            if others
            else f"No other area is {wide}, so yours is ranked with no other."
        )
    notes = (
        about,
        f"Each figure is taken for {PER:,} participants planned; place 1 is the highest. Published "
        "figures are protected, so the true place lies in the range given. An estimate and an "
        f"incomplete sum are ranked with no other. Among fewer than {LEAST_LIKE} areas with a "
        "figure no place is given.",
    )
    rows = tuple((one.measure, one.when, one.words) for one in places(release, code))
    return Section("Your place among like areas", notes, ("Figure", "Quarter", "Place"), rows)


def _listed(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _criteria(level: Assurance | None) -> Section:
    notes = (
        "The level is the lowest of the four practice areas of the regulator's toolkit for "
        "administrative data. A practice area has the highest level that is met with all below it.",
        f"No area can reach A3 for {Practice.PRODUCER.value.lower()}: that would ask for a "
        "comparison with the records of the area, and none is recorded here.",
    )
    rows = tuple(
        (one.practice.value, one.level.name, asked.level.name, asked.words, "yes" if met else "no")
        for one in (level.practices if level else ())
        for asked, met in one.criteria
    )
    headings = ("Practice area", "Its level", "For level", "What is asked", "Met")
    return Section("Your data quality level", notes, headings, rows)


def _returns(packs: pl.DataFrame, quarter: Quarter) -> Section:
    """List the return that counts in each quarter, the last `QUARTERS_SHOWN` of them."""
    counted = packs.filter("is_current").sort("period_id")
    rows: tuple[tuple[object, ...], ...] = ()
    if not counted.is_empty():
        rows = tuple(own_returns(counted.row(-1, named=True), packs).rows())
    notes = (f"The returns that count, up to {quarter.label}, the latest last.",)
    return Section("Your returns", notes, tuple(RETURNS.values()), rows)


def _errors(record: OnRecord, packs: pl.DataFrame) -> Section:
    """How often each rule was broken in the packs of each quarter."""
    names = ("severity", "count", "file", "message", "fix", "rule_id")
    rows: list[tuple[object, ...]] = []
    for period, of_period in sorted(packs.partition_by("period_id", as_dict=True).items()):
        numbers = of_period["submission_id"].implode()
        found = record.findings.filter(pl.col("submission_id").is_in(numbers))
        shown = by_rule(found).with_columns(pl.col("severity").replace(MEANINGS)).select(names)
        rows += [(period[0], *row) for row in shown.rows()]
    headings = ("Quarter", *(RULES[name] for name in names))
    notes = ("What was found in all packs of your area, also in those that a later one replaced.",)
    return Section("Your errors so far", notes, headings, tuple(rows))


def _figures(release: ReleaseFiles, code: str) -> Section:
    own = [row for row in area_rows(release) if row[AREA] == code]
    notes = (
        "The figures of the release for your area, in the quarter and to date. They are protected, "
        "so they can differ from your own records.",
        *shorthand(sorted({letter for row in own for letter in row["marker"]}), words_in()),
    )
    headings = ("Table", "Of whom", "Quarter", "Figure", "Value", "At least", "At most")
    return Section("Your published figures", notes, headings, tuple(map(_figure, own)))


def _figure(row: Row) -> tuple[object, ...]:
    value, marker = row["value"] or row.get("date", ""), row["marker"]
    shown = " ".join(word for word in (value, f"[{marker}]" if marker else "") if word)
    table = row["path"].rpartition("-table-")[2].removesuffix(".csv").replace("-", " ")
    return (
        table,
        breakdown(row) or "all",
        row.get("quarter", ""),
        row["measure_label"],
        shown,
        row["lower"],
        row["upper"],
    )
