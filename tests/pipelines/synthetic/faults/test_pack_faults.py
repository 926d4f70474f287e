"""A fault of a pack is written where packs are dropped, and leaves the rest of the pack alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pipelines.returns import receive
from pipelines.synthetic.draft import Draft, zipped, zipped_folder
from pipelines.synthetic.faults import PACK_FAULTS
from pipelines.synthetic.faults.declared import NotPlantable, PlantedPackFault, read
from pipelines.synthetic.faults.of_containers import CONTAINER_FAULTS
from pipelines.synthetic.faults.of_files import FILE_FAULTS, columns, file, manifest_text
from pipelines.synthetic.faults.of_manifests import manifest_faults
from tests.pipelines.returns.small_world import QUARTER, world

SMALL = f"CTW-EN04_{QUARTER.id}_v1"
CSV = {"participants.csv", "events.csv", "aggregate.csv"}
MANIFESTS = tuple(one for one in manifest_faults() if one.fault != "name of no pack")
# Faults that stand under another name than that of their pack, or that send the first one again.
NAMED_ANEW = {"name of no pack", "early for the next quarter", "number that leaves none"}
FIRST_AGAIN = {"sent twice", "sent twice, as another version", "changed under the same number"}


def draft() -> Draft:
    """The second version of a small pack."""
    return Draft.read(world() / SMALL).again()


def made(fault: PlantedPackFault, out: Path) -> Path:
    """Make a pack with a fault beside its first version, as planting does."""
    Draft.read(world() / SMALL).write(out)
    return fault.make(draft(), out)


def of(name: str) -> PlantedPackFault:
    return next(one for one in PACK_FAULTS if one.fault == name)


@pytest.mark.parametrize("fault", PACK_FAULTS, ids=lambda one: one.fault)
def test_a_fault_writes_one_pack_and_leaves_the_version_before_as_it_was(
    fault: PlantedPackFault, tmp_path: Path
):
    first = Draft.read(world() / SMALL)
    try:
        path = made(fault, tmp_path)
    except NotPlantable:
        assert [one.name for one in tmp_path.iterdir()] == [SMALL]
        return
    assert path.parent == tmp_path
    assert {one.name for one in tmp_path.iterdir()} == {SMALL, path.name}
    assert Draft.read(tmp_path / SMALL) == first
    names = (draft().name, SMALL) if fault.fault in FIRST_AGAIN else (draft().name,)
    assert path.name.startswith(names) is (fault.fault not in NAMED_ANEW)


@pytest.mark.parametrize("fault", MANIFESTS, ids=lambda one: one.fault)
def test_a_fault_of_the_manifest_leaves_every_row_and_most_fields_alone(
    fault: PlantedPackFault, tmp_path: Path
):
    path = made(fault, tmp_path)
    assert {name: (path / name).read_bytes() for name in CSV} == draft().files
    was, now = draft().manifest, json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    assert now.keys() >= was.keys()
    changed = [name for name in now if was.get(name) != now[name]]
    assert len(changed) == 1


@pytest.mark.parametrize(
    "fault", [one for one in CONTAINER_FAULTS if not one.rules], ids=lambda one: one.fault
)
def test_a_container_that_is_read_gives_the_files_of_the_pack(
    fault: PlantedPackFault, tmp_path: Path
):
    receipt = receive(made(fault, tmp_path))
    assert receipt.fault is None
    again = draft() if fault.fault not in FIRST_AGAIN else Draft.read(world() / SMALL)
    found = {name.rpartition("/")[2]: data for name, data in receipt.contents.items()}
    assert {name: found[name] for name in CSV} == again.files
    assert json.loads(found["manifest.json"]) == again.manifest


@pytest.mark.parametrize(
    "fault",
    [one for one in CONTAINER_FAULTS if one.rules and one.fault not in FIRST_AGAIN],
    ids=lambda one: one.fault,
)
def test_a_container_that_is_not_read_is_refused_at_the_door_by_its_rule(
    fault: PlantedPackFault, tmp_path: Path
):
    receipt = receive(made(fault, tmp_path))
    assert receipt.contents == {}
    assert receipt.fault is not None
    assert (f"pack.{receipt.fault.rule}",) == fault.rules


@pytest.mark.parametrize(
    "fault",
    [one for one in FILE_FAULTS if one.fault not in ("no rows", "pounds with a sign")],
    ids=lambda one: one.fault,
)
def test_a_fault_of_a_file_leaves_the_other_files_alone(fault: PlantedPackFault, tmp_path: Path):
    path = made(fault, tmp_path)
    lower = {one.name.lower(): one.read_bytes() for one in path.iterdir()}
    others = [name for name in CSV if lower.get(name) != draft().files[name]]
    assert len(others) <= 1
    assert set(lower) - CSV - {"manifest.json"} <= {"notes.txt", "gwen_example_davies.txt"}


def test_a_file_that_stays_as_it_is_is_no_fault(tmp_path: Path):
    with pytest.raises(NotPlantable):
        file("events.csv", lambda data: data)(draft(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_changed_file_is_sealed_unless_the_seal_is_the_fault(tmp_path: Path):
    edit = columns(event_type=read(draft().files["events.csv"])["event_type"].str.to_lowercase())
    for seal in (True, False):
        path = file("events.csv", edit, seal=seal)(draft(), tmp_path / str(seal))
        listed = {one["name"]: one["sha256"] for one in Draft.read(path).manifest["files"]}
        found = hashlib.sha256((path / "events.csv").read_bytes()).hexdigest()
        assert (listed["events.csv"] == found) is seal


def test_a_manifest_can_be_another_text_or_missing(tmp_path: Path):
    path = manifest_text(lambda text: text.upper())(draft(), tmp_path / "a")
    assert '"TEMPLATE_ID"' in (path / "manifest.json").read_text(encoding="utf-8")
    path = manifest_text(lambda text: None)(draft(), tmp_path / "b")
    assert {one.name for one in path.iterdir()} == CSV


def test_a_pack_with_headers_only_lists_no_row(tmp_path: Path):
    path = made(of("no rows"), tmp_path)
    assert {one["rows"] for one in Draft.read(path).manifest["files"]} == {0}
    assert {read(data).height for data in Draft.read(path).files.values()} == {0}


def test_a_version_after_has_its_own_name_and_nothing_else_is_new():
    first = Draft.read(world() / SMALL)
    again = first.again(submission_sequence=12, notes="Corrected")
    assert again.name == SMALL.replace("_v1", "_v12")
    assert again.files == first.files
    assert again.manifest == {
        **first.manifest, "submission_sequence": 12, "notes": "Corrected",
    }  # fmt: skip


def test_a_pack_is_written_and_read_as_it_is(tmp_path: Path):
    one = draft()
    assert Draft.read(one.write(tmp_path)) == one


def test_the_same_pack_gives_the_same_zip_file(tmp_path: Path):
    one = draft()
    assert one.zipped() == one.zipped()
    assert zipped_folder(one.write(tmp_path)) == one.zipped()
    backwards = dict(reversed(one.files.items()))
    assert zipped(backwards) == zipped(one.files)


def test_a_seal_counts_rows_and_no_header_nor_a_line_for_the_separator():
    one = Draft("CTW-EN04", {"a.csv": b"sep=;\nx;y\n1;2\n3;4\n", "b.csv": b"x\n", "c.csv": b""}, {})
    assert [entry["rows"] for entry in one.sealed().manifest["files"]] == [2, 0, 0]


def test_people_gone_takes_three_in_ten_and_their_events(tmp_path: Path):
    path = made(of("people gone"), tmp_path)
    people, events = (
        read((path / f"{name}.csv").read_bytes()) for name in ("participants", "events")
    )
    was = read(draft().files["participants.csv"])
    assert people.height == was.height - sum(at % 10 < 3 for at in range(was.height))
    known = set(people["participant_ref"])
    assert set(events["participant_ref"]) <= known


def test_a_world_without_enough_history_cannot_fall_to_zero_or_soar(tmp_path: Path):
    for name in ("no start all at once", "too many starts", "many in work and at risk"):
        with pytest.raises(NotPlantable):
            made(of(name), tmp_path / name)
