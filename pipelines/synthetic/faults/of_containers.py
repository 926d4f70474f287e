"""Every kind of container a pack may come in, those that are read and those that are refused."""

# ruff: noqa: E501 - one line per fault
from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from pipelines.synthetic.draft import Draft, zipped, zipped_folder
from pipelines.synthetic.faults.declared import Make, PlantedPackFault
from pipelines.synthetic.faults.of_files import text_of

BOMB_BYTES = 4_000_000
_MEMBERS = (b"PK\x03\x04", 6), (b"PK\x01\x02", 8)


def as_file(suffix: str, make: Callable[[dict[str, bytes]], bytes]) -> Make:
    """Return what writes a pack as one file, made of its files by their names."""

    def written(draft: Draft, out: Path) -> Path:
        path = out / f"{draft.name}{suffix}"
        path.write_bytes(make({**draft.files, "manifest.json": text_of(draft)}))
        return path

    return written


def named(rename: Callable[[str], str], more: Mapping[str, bytes] | None = None) -> Make:
    """Return what writes a pack as a zip file with its files under other names."""
    return as_file(
        ".zip", lambda files: zipped({**{rename(n): d for n, d in files.items()}, **(more or {})})
    )


def unsafe_zip(name: str) -> bytes:
    """Return a zip file with one entry of many equal bytes."""
    return zipped({name: b"0" * BOMB_BYTES})


def _with_password(files: dict[str, bytes]) -> bytes:
    """Mark each entry of a zip file as encrypted."""
    data = bytearray(zipped({"manifest.json": files["manifest.json"]}))
    for sign, offset in _MEMBERS:
        data[data.find(sign) + offset] |= 1
    return bytes(data)


def _two_names_that_are_one(files: dict[str, bytes]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in ("in/events.csv", "in\\events.csv"):
            entry = zipfile.ZipInfo("x")
            entry.filename = name
            archive.writestr(entry, files["events.csv"])
    return data.getvalue()


def _top_folder(draft: Draft, out: Path) -> Path:
    """Put the files into a folder in a folder."""
    replace(draft, name=f"{draft.name}/{draft.name}").write(out)
    return out / draft.name


def _empty(draft: Draft, out: Path) -> Path:
    (out / draft.name).mkdir(parents=True)
    return out / draft.name


def _linked(draft: Draft, out: Path) -> Path:
    folder = draft.write(out)
    (folder / "more.csv").symlink_to("nowhere")
    return folder


def _again_as(name: Callable[[Draft], str]) -> Make:
    """Return what sends the files of the first version again, as a zip file of some name."""

    def make(draft: Draft, out: Path) -> Path:
        path = out / f"{name(draft)}.zip"
        path.write_bytes(zipped_folder(out / _first(draft)))
        return path

    return make


def _number_again(draft: Draft, out: Path) -> Path:
    """Send other files under the number of the first version, as a zip file."""
    manifest = {**draft.manifest, "submission_sequence": 1, "notes": "Corrected"}
    path = out / f"{_first(draft)}.ZIP"
    path.write_bytes(replace(draft, manifest=manifest).zipped())
    return path


def _first(draft: Draft) -> str:
    return draft.name.rpartition("_v")[0] + "_v1"


_KIND, _READ = ("pack.pack_is_of_a_known_kind",), ("pack.pack_can_be_read",)
CONTAINER_FAULTS = (
    PlantedPackFault("zip file", (), as_file(".zip", zipped)),
    PlantedPackFault("zip file with its suffix in capitals", (), as_file(".ZIP", zipped)),
    PlantedPackFault("zip file with a folder in it", (), named(lambda name: f"return/{name}")),
    PlantedPackFault("zip file of Windows", (), named(lambda name: f"return\\{name}")),
    PlantedPackFault(
        "zip file of a Mac",
        (),
        named(lambda name: name, {"__MACOSX/._events.csv": b"x", ".DS_Store": b"x"}),
    ),
    PlantedPackFault("folder in a folder", (), _top_folder),
    PlantedPackFault(
        "damaged zip file", _READ, as_file(".zip", lambda files: zipped(files)[:-2000])
    ),
    PlantedPackFault("empty zip file", _READ, as_file(".zip", lambda files: b"")),
    PlantedPackFault("loose CSV file", _KIND, as_file(".csv", lambda files: files["events.csv"])),
    PlantedPackFault(
        "archive of another kind", _KIND, as_file(".7z", lambda files: b"7z\xbc\xaf'\x1c")
    ),
    PlantedPackFault("binary workbook", _KIND, as_file(".xlsb", lambda files: b"PK")),
    PlantedPackFault(
        "zip file with a password", ("pack.pack_has_no_password",), as_file(".zip", _with_password)
    ),
    PlantedPackFault(
        "zip bomb",
        ("pack.pack_is_within_limits",),
        as_file(".zip", lambda files: unsafe_zip("participants.csv")),
    ),
    PlantedPackFault(
        "path out of the folder",
        ("pack.names_stay_in_the_pack",),
        as_file(".zip", lambda files: unsafe_zip("../out.csv")),
    ),
    PlantedPackFault(
        "two names that are one",
        ("pack.names_are_distinct",),
        as_file(".zip", _two_names_that_are_one),
    ),
    PlantedPackFault("link in the folder", ("pack.pack_holds_plain_files",), _linked),
    PlantedPackFault("empty folder", ("pack.pack_is_not_empty",), _empty),
    PlantedPackFault("sent twice", (), _again_as(_first)),
    PlantedPackFault(
        "sent twice, as another version",
        ("pack.name_agrees_with_manifest",),
        _again_as(lambda draft: draft.name),
        ("pack.sequence_rises",),
    ),
    PlantedPackFault("changed under the same number", ("pack.sequence_rises",), _number_again),
)
