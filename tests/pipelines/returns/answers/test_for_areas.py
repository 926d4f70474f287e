"""No area learns from what it is told who stands in the return of another area."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import Judged, as_csv, as_html, judged_for_areas, report, statuses_for_areas
from pipelines.returns.answers.for_areas import ACROSS
from pipelines.synthetic.draft import Draft
from schemas.returns import PACK
from tests.pipelines.returns.contradictions import contradictions
from tests.pipelines.returns.small_world import NAME, QUARTER, draft, judge, world

OTHER = f"CTW-EN02_{QUARTER.id}_v1"
NINO, SEX = (PACK.participants.names.index(name) for name in ("nino", "sex"))


def guessing(out: Path) -> Path:
    """Send a pack in which somebody has the number of a participant of the other area."""
    theirs = Draft.read(world() / OTHER).files["participants.csv"].decode().split("\n")[1:]
    number = next(line.split(",")[NINO] for line in theirs if line.split(",")[NINO])
    one = draft()
    header, line, *rest = one.files["participants.csv"].decode().split("\n")
    cells = line.split(",")
    cells[NINO], cells[SEX] = number, "NS"
    text = "\n".join([header, ",".join(cells), *rest])
    return replace(one, files={**one.files, "participants.csv": text.encode()}).sealed().write(out)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Judged, Judged]:
    """A pack that guesses a number of another area, alone and beside the return of that area."""
    pack = guessing(tmp_path_factory.mktemp("guess"))
    return judge(pack), judge(pack, world() / OTHER)


def answer(judged: Judged) -> tuple[str, str]:
    number = judged.submissions.filter(pack_name=NAME)["submission_id"].item()
    made = report(judged_for_areas(judged), number)
    assert contradictions(made) == []
    return as_csv(made), as_html(made)


def test_a_guessed_number_is_answered_alike_whether_or_not_somebody_has_it(both):
    alone, beside = both
    assert set(beside.findings["rule_id"]) & set(ACROSS)
    assert answer(alone) == answer(beside)


def test_what_was_found_across_areas_stays_on_record_for_the_department(both):
    _, beside = both
    found = beside.findings.filter(pl.col("rule_id").is_in(ACROSS))
    assert found.height > 0
    assert judged_for_areas(beside).findings.height == beside.findings.height - found.height
    asked = found.filter(severity="query").height
    assert asked > 0
    queries = judged_for_areas(beside).submissions["queries"].sum()
    assert queries == beside.submissions["queries"].sum() - asked


def test_the_statuses_of_a_pack_do_not_tell_when_another_area_sent_somebody():
    at = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
    said = ["accepted", "accepted with queries", "partially accepted"]
    history = list(zip(said, at, strict=True))
    assert statuses_for_areas(history) == [history[0], history[2]]
    assert statuses_for_areas(history[:2]) == [history[0]]
