"""Write the made-up world as return packs: what each area would have sent after a quarter."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import polars as pl

from pipelines.returns import PackName
from pipelines.synthetic.areas import Area
from pipelines.synthetic.draws import Source, fill
from schemas.quarter import Quarter
from schemas.returns import Pack, Return
from schemas.returns.participants import AT_START

WORKING_DAYS_TO_SEND = 20


def known_people(people: pl.DataFrame, quarter: Quarter, declared: Return) -> pl.DataFrame:
    """Return the people as an area knew them at the end of a quarter: later dates are blank.

    One row per row of `people` whose referral was made by then.
    """
    on = pl.lit(quarter.end)
    starts = [f.name for f in declared.fields if f.required is AT_START]
    known = people.filter(pl.col("referral_date") <= on)
    started = (pl.col("start_date") <= on).fill_null(value=False)
    ended = (pl.col("end_date") <= on).fill_null(value=False) & started
    profiled = pl.col("vocational_profile_date") <= on
    has_nino = pl.col("_is_nino_given") | (started & (pl.col("_nino_known") <= on))
    return known.with_columns(
        *(_if(started, name) for name in (*starts, "start_date", "months_since_work")),
        *(_if(ended, name) for name in ("end_date", "end_reason")),
        _if(
            started & profiled & (pl.col("vocational_profile_date") <= pl.col("end_date")),
            "vocational_profile_date",
        ),
        _if(has_nino, "nino"),
    )


def _if(when: pl.Expr, name: str) -> pl.Expr:
    return pl.when(when).then(pl.col(name)).alias(name)


def with_all_fields(rows: pl.DataFrame, declared: Return, source: Source) -> pl.DataFrame:
    """Add the declared fields that nothing models, drawn from their kinds.

    One row per row given.
    """
    missing = [f for f in declared.fields if f.name not in rows.columns]
    return rows.with_columns(fill(field, source, rows.height) for field in missing)


def write_pack(
    folder: Path, area: Area, quarter: Quarter, tables: Mapping[str, pl.DataFrame], pack: Pack
) -> None:
    """Write one pack: the CSV files and the manifest that describes them."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for declared in pack.files:
        rows = tables[declared.name]
        data = rows.select(declared.names).write_csv().encode()
        (folder / declared.file).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        listed.append({"name": declared.file, "sha256": digest, "rows": rows.height})
    text = json.dumps(manifest(area, quarter, listed, pack), indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def manifest(
    area: Area, quarter: Quarter, files: list[dict[str, object]], pack: Pack, sequence: int = 1
) -> dict[str, object]:
    """Return the manifest of a pack of the made-up world."""
    known: dict[str, object] = {
        "template_id": pack.template_id,
        "template_version": pack.template_version,
        "delivery_area_code": area.code,
        "period_id": quarter.id,
        "submission_sequence": sequence,
        "prepared_at": prepared_at(area.code, quarter).isoformat(),
        "prepared_by_role": "Performance analyst",
        "contact_email": f"connect-to-work.{area.short.lower()}@council.example",
        "data_protection_checked": True,
        "signed_off_by": "S151" if area.residents % 3 else "DELEGATE",
        "nil_return": not any(f["rows"] for f in files if f["name"] != pack.aggregate.file),
        "synthetic": True,
        "notes": None,
    }
    drawn = {f.name: known.get(f.name, f.kind.example) for f in pack.manifest.fields}
    organisations = [
        {
            f.name: {
                "delivery_org_code": one.code,
                "organisation_kind": one.kind,
                "national_identifier": one.national_identifier,
            }.get(f.name, f.kind.example)
            for f in pack.organisations.fields
        }
        for one in area.organisations
    ]
    return {**drawn, "files": files, "organisations": organisations}


def prepared_at(code: str, quarter: Quarter) -> datetime:
    """Return when an area made its pack: 8 to 27 days after the quarter, in working hours."""
    number = sum(map(ord, code))
    day = quarter.end + timedelta(days=8 + number % WORKING_DAYS_TO_SEND)
    return datetime.combine(day, time(9 + number % 8, number % 60), tzinfo=UTC)


def dated(path: Path) -> None:
    """Give the files of a pack the time at which its area would have sent it.

    That is an hour after the pack was made. A resubmission and a zip file come a day later each.
    """
    named = PackName.of_dropped(path.name, is_folder=path.is_dir())
    if named is None:
        raise ValueError(f"{path.name} is not the name of a pack.")
    made = prepared_at(named.delivery_area_code, Quarter.parse(named.period_id))
    days = named.submission_sequence - 1 + path.is_file()
    at = (made + timedelta(days=days, hours=1)).timestamp()
    for each in (*path.glob("*"), path):
        os.utime(each, (at, at))
