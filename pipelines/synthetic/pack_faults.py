"""Faults of whole packs, each made as the second submission of an area."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipelines.synthetic.draft import Draft, zipped, zipped_folder
from schemas.quarter import Quarter

BOMB_BYTES = 4_000_000
Make = Callable[[Draft, Path, int], str]


def second_submissions(to: Quarter) -> list[tuple[str, str | None, Make]]:
    """List the faults of whole packs: the fault, the rule, how the pack is made."""
    return [*_of_manifests(to), *_of_files(), *_of_containers()]


def _of_manifests(to: Quarter) -> list[tuple[str, str | None, Make]]:
    """List a pack without a fault, and the faults of what a manifest says of its pack."""
    return [
        ("corrected pack", None, _changed()),
        ("unknown area", "manifest_is_complete", _changed(delivery_area_code="CTW-EN99")),
        ("wrong period", "name_agrees_with_manifest", _misnamed(to)),
        ("future quarter", "period_has_ended", _future(to)),
        ("old template", "template_is_current", _changed(template_version="0.9.0")),
        ("another template", "template_is_known", _changed(template_id="other-return")),
        ("manifest without a field", "manifest_is_complete", _changed(prepared_at=None)),
        ("nil return with rows", "nil_return_has_no_rows", _changed(nil_return=True)),
    ]


def _of_files() -> list[tuple[str, str | None, Make]]:
    """List the faults of the files in a pack."""
    unsealed = _with_file(_append, seal=False)
    return [
        ("file missing", "files_are_there", _with_file(_without_events)),
        ("file changed after the manifest", "hash_agrees_with_manifest", unsealed),
        ("wrong row count", "row_count_agrees_with_manifest", _wrong_count),
        ("extra column", "columns_are_those_of_the_template", _with_file(_extra_column)),
        ("broken encoding", "file_is_text", _with_file(_nul)),
        ("Windows encoding", "encoding_is_utf8", _with_file(_windows)),
        ("not JSON", "manifest_is_json", _not_json),
    ]


def _of_containers() -> list[tuple[str, str | None, Make]]:
    """List the faults of the zip file or the folder in which a pack arrives."""
    bomb = _as_zip(lambda data: unsafe_zip("participants.csv"))
    outside = _as_zip(lambda data: unsafe_zip("../out.csv"))
    return [
        ("corrupt zip file", "pack_can_be_read", _as_zip(lambda data: data[: len(data) // 2])),
        ("sent twice", "pack_is_new", _sent_twice),
        ("empty folder", "pack_is_not_empty", _empty),
        ("zip bomb", "pack_is_within_limits", bomb),
        ("path out of the folder", "names_stay_in_the_pack", outside),
    ]


def _changed(**changes: object) -> Make:
    return lambda draft, out, at: draft.again(**changes).write(out).name


def _with_file(edit: Callable[[dict[str, bytes]], None], *, seal: bool = True) -> Make:
    def make(draft: Draft, out: Path, at: int) -> str:
        again = replace(draft.again(), files=dict(draft.files))
        edit(again.files)
        return (again.sealed() if seal else again).write(out).name

    return make


def _as_zip(spoil: Callable[[bytes], bytes]) -> Make:
    def make(draft: Draft, out: Path, at: int) -> str:
        one = draft.again()
        (out / f"{one.name}.zip").write_bytes(spoil(one.zipped()))
        return one.name

    return make


def _misnamed(to: Quarter) -> Make:
    def make(draft: Draft, out: Path, at: int) -> str:
        again = draft.again()
        manifest = {**again.manifest, "period_id": to.previous.id}
        return replace(again, manifest=manifest).write(out).name

    return make


def _future(to: Quarter) -> Make:
    return lambda draft, out, at: draft.again(period_id=to.next.id).write(out).name


def _without_events(files: dict[str, bytes]) -> None:
    del files["events.csv"]


def _append(files: dict[str, bytes]) -> None:
    files["events.csv"] += files["events.csv"].split(b"\n")[-2] + b"\n"


def _extra_column(files: dict[str, bytes]) -> None:
    lines = files["events.csv"].rstrip(b"\n").split(b"\n")
    files["events.csv"] = b"\n".join([lines[0] + b",colour", *(x + b"," for x in lines[1:]), b""])


def _nul(files: dict[str, bytes]) -> None:
    files["participants.csv"] = files["participants.csv"][:200] + b"\0\x81\n"


def _windows(files: dict[str, bytes]) -> None:
    lines = files["participants.csv"].rstrip(b"\n").split(b"\n")
    lines[-1] = lines[-1].rsplit(b",", 1)[0] + b",Caf\xe9 at ten"
    files["participants.csv"] = b"\n".join([*lines, b""])


def _wrong_count(draft: Draft, out: Path, at: int) -> str:
    again = draft.again()
    listed = [{**entry, "rows": entry["rows"] + 5} for entry in again.manifest["files"]]
    return replace(again, manifest={**again.manifest, "files": listed}).write(out).name


def _not_json(draft: Draft, out: Path, at: int) -> str:
    folder = draft.again().write(out)
    (folder / "manifest.json").write_text("{template: ctw-return", encoding="utf-8")
    return folder.name


def _empty(draft: Draft, out: Path, at: int) -> str:
    folder = out / draft.again().name
    folder.mkdir(parents=True, exist_ok=True)
    return folder.name


def _sent_twice(draft: Draft, out: Path, at: int) -> str:
    """Send the very files again, as a zip."""
    (out / f"{draft.name}.zip").write_bytes(zipped_folder(out / draft.name))
    return draft.name


def unsafe_zip(name: str) -> bytes:
    """Return a zip file with one entry of many equal bytes."""
    return zipped({name: b"0" * BOMB_BYTES})
