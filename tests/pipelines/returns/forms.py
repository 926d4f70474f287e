"""Packs made from the template of one area, filled in with its example rows, in every format."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pipelines.returns.judging.seal import sealed
from schemas.quarter import Quarter
from schemas.returns import PACK
from schemas.returns.forms import Book, csv_files, example_rows, form, write_ods, write_xlsx

QUARTER = Quarter(2026, 2)
AREA = "CTW-EN01"
NAME = f"{AREA}_{QUARTER.id}_v1"
AT = datetime(2026, 10, 20, 9, tzinfo=UTC)
COVER = {
    "prepared_at": "2026-10-12T14:05:00+01:00",
    "prepared_by_role": "Performance analyst",
    "contact_email": "returns@council.example",
    "data_protection_checked": "true",
    "signed_off_by": "S151",
    "nil_return": "false",
    "synthetic": "true",
}


def filled(area: str = AREA, **cover: str | None) -> Book:
    """Return the form of an area, filled in with its example rows."""
    return form(area, QUARTER, rows=example_rows(area, QUARTER), cover={**COVER, **cover})


def as_xlsx(out: Path, area: str = AREA, **cover: str | None) -> Path:
    return written(out / f"{area}_{QUARTER.id}_v1.xlsx", write_xlsx(filled(area, **cover)))


def as_ods(out: Path, area: str = AREA, **cover: str | None) -> Path:
    return written(out / f"{area}_{QUARTER.id}_v1.ods", write_ods(filled(area, **cover)))


def unsealed(area: str = AREA, **cover: str | None) -> dict[str, bytes]:
    """Return the CSV files of an area before they are sealed."""
    rows = example_rows(area, QUARTER)
    return csv_files(area, QUARTER, rows=rows, cover={**COVER, **cover})


def as_csv(out: Path, area: str = AREA, **cover: str | None) -> Path:
    files = unsealed(area, **cover)
    name, manifest = sealed(files, AT)
    return folder(out / name, {**files, "manifest.json": manifest})


def folder(path: Path, files: Mapping[str, bytes]) -> Path:
    path.mkdir(parents=True)
    for name, data in files.items():
        (path / name).write_bytes(data)
    return path


def written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def converted(pack: Path, out: Path, write: Callable[[Book], bytes], suffix: str) -> Path:
    """Write the pack of a folder of CSV files as one workbook with the same rows and cover."""
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    rows = {
        one.name: tuple(pl.read_csv(pack / one.file, infer_schema=False).to_dicts())
        for one in PACK.files
    }
    rows["organisations"] = tuple(manifest["organisations"])
    cover = {name: as_word(manifest[name]) for name in PACK.manifest.names}
    quarter = Quarter.parse(manifest["period_id"])
    book = form(manifest["delivery_area_code"], quarter, rows=rows, cover=cover)
    return written(out / f"{pack.name}{suffix}", write(book))


def as_word(value: object) -> str | None:
    return str(value).lower() if isinstance(value, bool) else None if value is None else str(value)
