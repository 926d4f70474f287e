"""A pack that is one workbook: which kind it is, and whether it may be opened. Nothing is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

from pipelines.returns.errors import PackFault
from pipelines.returns.packs.archives import refuse_too_much
from pipelines.returns.packs.plain_files import UnpackLimits
from pipelines.returns.readers.workbook import ODS, XLSX

# A workbook with macros may have any of these: what it holds decides.
SUFFIXES = (".xlsx", ".xlsm", ".ods")
MOST_PARTS = 1_000
# Workbooks before 2007, and those with a password, are files of this kind; the second kind names
# what is encrypted, in UTF-16.
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACROS = ("vbaproject", "xl/macrosheets/", "xl/activex/", "basic/", "scripts/")
_CHUNK = 1 << 16


def the_workbook(files: Mapping[str, bytes]) -> tuple[str, str] | None:
    """Return the name of the workbook that is the whole of a pack, and the name of its kind.

    There is none in a pack with CSV files, or with two workbooks.
    """
    suffixes = {name: PurePosixPath(name).suffix.lower() for name in files}
    workbooks = [name for name, suffix in suffixes.items() if suffix in SUFFIXES]
    if len(workbooks) != 1 or ".csv" in suffixes.values():
        return None
    [name] = workbooks
    return name, kind_of(files[name])


def kind_of(data: bytes) -> str:
    """Return the name that a workbook of this content has in a pack: its suffix can be wrong.

    Raises `PackFault` when it is not a workbook, or cannot be opened.
    """
    if data.startswith(_OLD):
        if _ENCRYPTED in data:
            raise PackFault("pack_has_no_password", found="The workbook has one.")
        raise PackFault("pack_is_of_a_known_kind", found="It is a workbook of an old kind (.xls).")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except Exception as trouble:
        raise PackFault("pack_can_be_read", found="The workbook is damaged.") from trouble
    if "xl/workbook.xml" in names:
        return XLSX.file
    if "content.xml" in names:
        return ODS.file
    raise PackFault(
        "pack_can_be_read", found="Its name is that of a workbook, but it is not a workbook."
    )


def check_workbook(data: bytes, limits: UnpackLimits) -> None:
    """Raise the fault of a workbook that must not be opened: macros, a password, too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            refuse_too_much(entries, limits, MOST_PARTS)
            if any(entry.flag_bits & 0x1 for entry in entries) or _is_encrypted_ods(archive):
                raise PackFault("pack_has_no_password", found="The workbook has one.")
            names = [entry.filename.lower() for entry in entries]
            if any(name.startswith(_MACROS) or "vbaproject" in name for name in names):
                raise PackFault("pack_has_no_macros")
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _refuse_entities(archive, entry)
    except PackFault:
        raise
    # Each codec has errors of its own, and damage can raise any of them.
    except Exception as trouble:
        raise PackFault("pack_can_be_read", found="The workbook is damaged.") from trouble


def _is_encrypted_ods(archive: zipfile.ZipFile) -> bool:
    listed = "META-INF/manifest.xml"
    return listed in archive.namelist() and b"encryption-data" in archive.read(listed)


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Raise for a part that declares entities: they can grow without end; no program needs any."""
    with archive.open(entry) as part:
        if b"<!DOCTYPE" in part.read(_CHUNK).replace(b"\0", b"").upper():
            raise PackFault("pack_can_be_read", found="A part of the workbook declares entities.")
