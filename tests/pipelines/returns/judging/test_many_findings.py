"""A pack with very many faults costs no more memory than its rows do, and is told them by rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import Judged, process_packs, report
from pipelines.returns.judging.findings import MOST_ROWS_APIECE
from pipelines.returns.judging.judge import judge_rows
from schemas.returns import PACK
from tests.pipelines.returns.contradictions import contradictions
from tests.pipelines.returns.small_world import KEY, NAME, QUARTER, draft, landed, world

ROWS = MOST_ROWS_APIECE + 500
OTHER = f"CTW-EN02_{QUARTER.id}_v1"
LIMITS = "pack.pack_is_within_limits"
WRONG = "events.event_type.is_valid"


def faulty_events(out: Path) -> Path:
    """Write a pack of which the participants are right and very many events are not."""
    one = draft()
    events = pl.read_csv(one.files["events.csv"], infer_schema=False)
    many = pl.concat([events] * (ROWS // events.height + 1)).head(ROWS)
    data = many.with_columns(event_type=pl.lit("?")).write_csv().encode()
    return replace(one, files={**one.files, "events.csv": data}).sealed().write(out)


def judged(pack: Path, most: int) -> Judged:
    small = replace(PACK, most_findings=most)
    return process_packs(landed([pack, world() / OTHER]), QUARTER, KEY, pack=small)


def status(one: Judged) -> dict[str, str]:
    return dict(one.submissions.select("pack_name", "status").rows())


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faulty_events(tmp_path_factory.mktemp("many"))


def test_a_pack_with_more_findings_than_the_limit_is_refused_and_no_other(pack: Path):
    one = judged(pack, ROWS - 1)
    assert status(one)[NAME] == "rejected"
    assert status(one)[OTHER].startswith("accepted")
    number = one.submissions.filter(pack_name=NAME)["submission_id"].item()
    (said,) = one.findings.filter(submission_id=number, rule_id=LIMITS)["message"]
    assert f"more than {ROWS - 1:,} times" in said
    made = report(one, number)
    assert contradictions(made) == []
    by_rule = made.rules.row(by_predicate=pl.col("rule_id") == WRONG, named=True)
    assert (by_rule["count"], by_rule["first_rows"][:7]) == (ROWS, "2, 3, 4")


def test_a_pack_within_the_limit_is_kept_row_by_row(pack: Path):
    one = judged(pack, 20 * ROWS)
    assert status(one)[NAME] == "partially accepted"
    assert LIMITS not in set(one.findings["rule_id"])
    assert one.quarantine.filter(file="events.csv").height == ROWS


def test_findings_of_a_crowded_pack_are_as_many_as_rules_and_not_as_rows():
    text = pl.DataFrame({"pack": [0] * ROWS, "row_number": range(2, ROWS + 2)}).with_columns(
        name=pl.lit("x"), sha256=pl.lit("?"), rows=pl.lit("many")
    )
    crowded, whole = (judge_rows(text, PACK.manifest_files, most=most) for most in (0, 10**9))
    assert (crowded.crowded, whole.crowded) == ({0}, frozenset())
    assert crowded.findings.height == crowded.findings["rule_id"].n_unique() == 3
    assert whole.findings.height == 3 * ROWS
