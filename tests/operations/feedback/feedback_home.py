"""A home with judged returns of a small world, and a release of it, for tests of feedback."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

from operations.desk.release_files import ReleaseFiles
from operations.feedback.content import PublicQuarter
from operations.feedback.evidence import assured
from operations.home.settings import Settings
from operations.stores.returns import append
from tests.pipelines.returns.small_world import NAME, QUARTER, draft, judge, with_text, world

PATH = "data/connect-to-work-2025-26-q2-table-06-starts-by-delivery-area.csv"
HEAD = (
    "sex_code", "sex", "sex_level", "delivery_area_code", "delivery_area_level",
    "quarter_code", "quarter", "measure", "measure_label", "value", "marker", "lower", "upper",
)  # fmt: skip
PUBLISHED = datetime(2026, 2, 17, 9, 30, tzinfo=UTC)
OTHER = "CTW-EN03"
NOT_OPEN = "CTW-EN20"
CLOCK = "2026-03-01T10:00:00+00:00"


def figure(area, value, marker="", ends=("", ""), **other):
    """One published row of an area, under the headings of the file."""
    row = {
        "sex_code": "total", "sex": "All", "sex_level": "All", "delivery_area_code": area,
        "delivery_area_level": "Delivery area", "quarter_code": QUARTER.id,
        "quarter": QUARTER.label, "measure": "starts", "measure_label": "Starts",
        "value": value, "marker": marker, "lower": ends[0], "upper": ends[1],
    }  # fmt: skip
    return {**row, **other}


def release(rows):
    """A release with one table."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEAD)
    writer.writeheader()
    writer.writerows(rows)
    return ReleaseFiles(QUARTER, 1, {PATH: text.getvalue().encode()})


def home_with_returns(folder: Path) -> Settings:
    """Judge two versions of one area, a pack that only claims it, and another area's own pack."""
    settings = Settings(home=folder / "home", code_version="v", clock=CLOCK)
    settings.home.mkdir(parents=True)
    packs = folder / "packs"
    faulty = with_text(draft(), "participants.csv", ",W_BRI,", ",MARTIAN,").write(packs)
    again = draft().again().sealed().write(packs)
    claims = draft().again(submission_sequence=3).sealed().write(packs)
    claims = claims.rename(packs / f"{OTHER}_{QUARTER.id}_v3")
    append(settings, judge(faulty, again, claims, world() / NAME.replace("CTW-EN01", OTHER)))
    return settings


def public_with(record, rows):
    """What feedback is made from: a release with these rows, and what is on record at home."""
    return PublicQuarter(release(rows), PUBLISHED, record, assured(record))
