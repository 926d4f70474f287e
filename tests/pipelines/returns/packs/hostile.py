"""Packs that are damaged or hostile, each made in a folder of its own, and the rule they break."""

from __future__ import annotations

import os
import socket
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from tests.pipelines.returns.small_world import copied, draft

Make = Callable[[Path, str], Path]
UNREADABLE, NO_PACK = "pack_can_be_read", "pack_is_of_a_known_kind"
NOT_PLAIN, TOO_MUCH = "pack_holds_plain_files", "pack_is_within_limits"
LEADS_OUT, ONE_NAME = "names_stay_in_the_pack", "names_are_distinct"


def damaged_zip(method: int) -> Make:
    """Write a zip file of a right pack with damage in the middle of its data."""

    def make(out: Path, name: str) -> Path:
        data = BytesIO()
        with zipfile.ZipFile(data, "w", method) as archive:
            for file, content in draft().files.items():
                archive.writestr(file, content)
        spoilt = bytearray(data.getvalue())
        spoilt[40:2000] = b"\xff" * 1960
        return _file(out / f"{name}.zip", bytes(spoilt))

    return make


def inside(put: Callable[[Path], None]) -> Make:
    """Copy a right pack and put something beside its files."""

    def make(out: Path, name: str) -> Path:
        folder = copied(out, name)
        put(folder)
        return folder

    return make


def linked_pack(out: Path, name: str) -> Path:
    (out / name).symlink_to(copied(out.parent, f"{name}-elsewhere"))
    return out / name


def looping_pack(out: Path, name: str) -> Path:
    (out / name).symlink_to(out / name)
    return out / name


def fifo_pack(out: Path, name: str) -> Path:
    os.mkfifo(out / f"{name}.zip")
    return out / f"{name}.zip"


def fifo_file(folder: Path) -> None:
    os.mkfifo(folder / "notes.csv")


def socket_file(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(folder)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as held:
        held.bind("s")
    os.chdir(here)


def huge_file(folder: Path) -> None:
    with (folder / "huge.csv").open("wb") as file:
        file.truncate(1 << 40)


def many_folders(folder: Path) -> None:
    (folder / Path(*["f"] * 200)).mkdir(parents=True)


def name_that_is_no_text(folder: Path) -> None:
    (folder / os.fsdecode(b"caf\xe9.csv")).write_bytes(b"x")


def zip_of(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> Make:
    """Write a zip file with these entries."""

    def make(out: Path, name: str) -> Path:
        data = BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for entry, content in entries:
                archive.writestr(entry, content)
        return _file(out / f"{name}.zip", data.getvalue())

    return make


def encrypted_zip(out: Path, name: str) -> Path:
    made = zip_of(("manifest.json", b"{}"))(out, name)
    data = bytearray(made.read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(sign) + offset] |= 1
    return _file(made, bytes(data))


def raw(suffix: str, data: bytes) -> Make:
    """Write a file that is no pack."""
    return lambda out, name: _file(out / f"{name}{suffix}", data)


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


HOSTILE: dict[str, tuple[Make, str]] = {
    "LZMA damage": (damaged_zip(zipfile.ZIP_LZMA), UNREADABLE),
    "bzip2 damage": (damaged_zip(zipfile.ZIP_BZIP2), UNREADABLE),
    "deflate damage": (damaged_zip(zipfile.ZIP_DEFLATED), UNREADABLE),
    "no zip file": (raw(".zip", b"PK\x03\x04 cut off"), UNREADABLE),
    "empty file": (raw(".zip", b""), UNREADABLE),
    "workbook": (raw(".xlsx", b"PK\x05\x06" + bytes(18)), UNREADABLE),
    "loose CSV": (raw(".csv", b"a,b\n"), NO_PACK),
    "7z": (raw(".7z", b"7z\xbc\xaf"), NO_PACK),
    "encrypted zip": (encrypted_zip, "pack_has_no_password"),
    "backslashes lead out": (zip_of(("a\\..\\..\\out.csv", b"x")), LEADS_OUT),
    "two names that are one": (zip_of(("a/b.csv", b"1"), ("a\\b.csv", b"2")), ONE_NAME),
    "dangling link": (inside(lambda f: (f / "x.csv").symlink_to("nowhere")), NOT_PLAIN),
    "looping link": (inside(lambda f: (f / "x.csv").symlink_to("x.csv")), NOT_PLAIN),
    "link to a device": (inside(lambda f: (f / "x.csv").symlink_to("/dev/zero")), NOT_PLAIN),
    "link to a folder": (inside(lambda f: (f / "x").symlink_to("..")), NOT_PLAIN),
    "pack is a link": (linked_pack, NOT_PLAIN),
    "pack is a looping link": (looping_pack, NOT_PLAIN),
    "pack is a pipe": (fifo_pack, NOT_PLAIN),
    "pipe": (inside(fifo_file), NOT_PLAIN),
    "socket": (inside(socket_file), NOT_PLAIN),
    "huge file": (inside(huge_file), TOO_MUCH),
    "too many folders": (inside(many_folders), TOO_MUCH),
    "name that is no text": (inside(name_that_is_no_text), LEADS_OUT),
}
