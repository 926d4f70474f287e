"""Zip files in memory: unpacked within limits, and written as what is kept of a pack."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from pipelines.returns.errors import PackFault
from pipelines.returns.packs.plain_files import UnpackLimits, too_large, too_many


def unzip(data: bytes, limits: UnpackLimits) -> dict[str, bytes]:
    """Return the files of a zip file by name; raises `PackFault` when it must not be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [e for e in archive.infolist() if not _is_folder(e)]
            entries = [e for e in entries if not is_litter(e.filename)]
            _refuse_unsafe(entries, limits)
            return _contents(archive, entries, limits)
    except PackFault:
        raise
    # Each codec has errors of its own, and damage can raise any of them.
    except Exception as trouble:
        raise PackFault("pack_can_be_read", found="The zip file is damaged.") from trouble


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as an uncompressed zip file, the same bytes for the same files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


def tidied(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files under the names of the template, whatever tool packed them.

    Backslashes become slashes, what operating systems leave behind is left out, and so are folders
    that hold everything else. Raises `PackFault` when a name leads out of the pack, or two names
    are the same.
    """
    named = {slashed(name): data for name, data in files.items() if not is_litter(name)}
    if any(map(_leads_out, named)):
        raise PackFault("names_stay_in_the_pack")
    if len(named) < sum(not is_litter(name) for name in files):
        raise PackFault("names_are_distinct")
    while _has_one_top(named):
        named = {name.split("/", 1)[1]: data for name, data in named.items()}
    return named


def slashed(name: str) -> str:
    """Return a path with slashes: some tools of Windows write backslashes into zip files."""
    return PurePosixPath(name.replace("\\", "/")).as_posix()


def is_litter(name: str) -> bool:
    """Say whether a file is what operating systems leave behind."""
    parts = PurePosixPath(slashed(name)).parts
    return "__MACOSX" in parts or any(p.startswith(".") and p != ".." for p in parts)


def _contents(
    archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], limits: UnpackLimits
) -> dict[str, bytes]:
    left = limits.unpacked_bytes
    files: dict[str, bytes] = {}
    for entry in entries:
        # The header may lie about the size, so no more is read than is allowed.
        with archive.open(entry) as stream:
            data = stream.read(min(left, entry.file_size) + 1)
        if len(data) > min(left, entry.file_size):
            found = "A file in it is larger than the zip file says."
            raise PackFault("pack_can_be_read", found=found)
        left -= len(data)
        files[entry.filename] = data
    return files


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.replace("\\", "/").endswith("/")


def _refuse_unsafe(entries: list[zipfile.ZipInfo], limits: UnpackLimits) -> None:
    """Raise the fault of a zip file that must not be unpacked, before anything is unpacked."""
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise PackFault("pack_has_no_password")
    if any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
        found = "There is a link; only plain files are read."
        raise PackFault("pack_holds_plain_files", found=found)
    if any(_leads_out(entry.filename) for entry in entries):
        raise PackFault("names_stay_in_the_pack")
    if len({slashed(entry.filename) for entry in entries}) < len(entries):
        raise PackFault("names_are_distinct")
    refuse_too_much(entries, limits, limits.entries)


def refuse_too_much(entries: list[zipfile.ZipInfo], limits: UnpackLimits, most: int) -> None:
    """Raise the fault of a zip file with more than `most` entries, or more bytes than allowed."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if len(entries) > most:
        raise too_many(most)
    if unpacked > limits.unpacked_bytes:
        raise too_large(unpacked, limits.unpacked_bytes)
    if unpacked > limits.ratio_from_bytes and unpacked / packed > limits.ratio:
        found = (
            f"Its files are {unpacked // packed:,} times as large as the zip file; at most "
            f"{limits.ratio:,.0f} times is unpacked."
        )
        raise PackFault("pack_is_within_limits", found=found)


def _leads_out(name: str) -> bool:
    """Say whether a name would land outside its folder, or is no text."""
    path = PurePosixPath(slashed(name))
    is_no_text = any("\ud800" <= character <= "\udfff" for character in name)
    return path.is_absolute() or ".." in path.parts or ":" in name or is_no_text


def _has_one_top(files: Mapping[str, bytes]) -> bool:
    """Say whether one folder holds all files: many tools wrap one around them."""
    tops = {name.split("/", 1)[0] for name in files}
    return len(tops) == 1 and all("/" in name for name in files)
