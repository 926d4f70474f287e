"""Whatever an area sends, the run ends, and every row is kept, in quarantine, or refused."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.returns.landing import STATUSES
from tests.pipelines.returns.small_world import draft, judge

FILES = ("participants.csv", "events.csv", "aggregate.csv")
WORDS = ["", " ", "0", "-1", "9999", "1e9", "nan", "inf", "NULL", "Y", "IPS", "JOB_START"]
DATES = ["2026-09-30", "0001-01-01", "9999-12-31", "2024-02-29", "1984-05"]
TRAPS = ['"', '""', ",", "a,b", '"x\ny"', "=1+1", "\u202e", "\U0001f600", "x" * 500, ";", "\\N"]
PERSONAL = ["AB001234C", "SW1A 1AA", "OUTCOME_HIGHER", "CARER;;CARER"]
CELLS = st.sampled_from(WORDS + DATES + TRAPS + PERSONAL)
EDITS = st.lists(
    st.tuples(st.sampled_from(FILES), st.integers(0, 60), st.integers(0, 40), CELLS), max_size=12
)


def edited(edits: list[tuple[str, int, int, str]]):
    """Return a pack in which some cells hold something else, quoted or not."""
    one = draft()
    for file, line, column, cell in edits:
        lines = one.files[file].decode().split("\n")
        at = min(line + 1, len(lines) - 2)
        cells = lines[at].split(",")
        cells[column % len(cells)] = cell
        lines[at] = ",".join(cells)
        one.files[file] = "\n".join(lines).encode()
    return one.sealed()


def recount(one):
    """Give the manifest the rows that are found, so that the pack is judged."""
    from pipelines.returns.readers.csv import parse
    from schemas.returns import PACK

    rows = {d.file: parse(one.files[d.file], d.file, d.names).received for d in PACK.files}
    listed = [{**entry, "rows": rows[entry["name"]]} for entry in one.manifest["files"]]
    return replace(one, manifest={**one.manifest, "files": listed})


@settings(max_examples=15, deadline=None)
@given(edits=EDITS)
def test_every_row_is_accounted_for(tmp_path_factory: pytest.TempPathFactory, edits):
    judged = judge(recount(edited(edits)).write(tmp_path_factory.mktemp("edited")))
    submission = judged.submissions.row(0, named=True)
    assert submission["status"] in STATUSES
    kept = sum(frame.height for frame in (judged.participants, judged.events, judged.aggregate))
    lost = judged.quarantine.filter(pl.col("file").is_in(FILES)).height
    refused = submission["rows_received"] if submission["status"] == "rejected" else 0
    assert kept + lost + refused == submission["rows_received"]


@settings(max_examples=15, deadline=None)
@given(
    file=st.sampled_from(FILES), at=st.integers(0, 3000), noise=st.binary(min_size=1, max_size=40)
)
def test_noise_in_a_file_never_stops_the_run(
    tmp_path_factory: pytest.TempPathFactory, file: str, at: int, noise: bytes
):
    one = draft()
    data = one.files[file]
    one.files[file] = data[: at % len(data)] + noise + data[at % len(data) :]
    judged = judge(one.sealed().write(tmp_path_factory.mktemp("noise")))
    assert judged.submissions["status"].is_in(STATUSES).all()


@settings(max_examples=15, deadline=None)
@given(
    name=st.sampled_from(sorted(draft().manifest)),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    ),
)
def test_any_value_in_a_manifest_never_stops_the_run(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: object
):
    one = replace(draft(), manifest={**draft().manifest, name: value})
    judged = judge(one.write(tmp_path_factory.mktemp("manifest")))
    assert judged.submissions["status"].is_in(STATUSES).all()
