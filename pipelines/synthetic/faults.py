"""Plant faults in the packs of the last quarter, and write down where each was planted.

Faults of whole packs come as a second submission, so the first one stands; a few areas lose
their only pack. Faults of rows go into the first submission of a few areas.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

import reference
from pipelines.synthetic.draft import Draft
from pipelines.synthetic.pack_faults import second_submissions
from pipelines.synthetic.row_faults import ROW_FAULTS, RowFault
from schemas.quarter import Quarter
from schemas.returns import Pack

AREAS_WITH_ROW_FAULTS = 3


@dataclass(frozen=True)
class Planted:
    """One fault: the pack, where in it, and the rule that must find it; None when none does."""

    fault: str
    pack: str
    file: str = "pack"
    row_number: int | None = None
    rule_id: str | None = None


def plant(written: Sequence[Path], to: Quarter, seed: int, out: Path, pack: Pack) -> set[Path]:
    """Plant every kind of fault in the packs of quarter `to`, and list them in .faults.json.

    Returns the packs and zip files with faults.
    """
    last = sorted(path for path in written if f"_{to.id}_" in path.name)
    random = np.random.default_rng([seed, 404])
    order = [last[at] for at in random.permutation(len(last))]
    large = sorted(order, key=lambda path: -(path / "events.csv").stat().st_size)
    planted: list[Planted] = []
    for path in large[:AREAS_WITH_ROW_FAULTS]:
        planted += _plant_rows(path, out, pack, random)
    left = [path for path in order if path not in large[:AREAS_WITH_ROW_FAULTS]]
    planted += _recode(left, out)
    planted += _share_a_person(left[-4:-2], out)
    for at, (fault, rule, make) in enumerate(second_submissions(to)[: max(len(left) - 2, 0)]):
        name = make(Draft.read(left[at]), out, at)
        planted.append(Planted(fault, name, rule_id=f"pack.{rule}" if rule else None))
    planted += _lost(left, out)
    text = json.dumps([asdict(one) for one in planted], indent=2)
    (out / ".faults.json").write_text(text + "\n", encoding="utf-8")
    places = {out / f"{one.pack}{suffix}" for one in planted for suffix in ("", ".zip")}
    return {path for path in places if path.exists()}


def _plant_rows(folder: Path, out: Path, pack: Pack, random: np.random.Generator) -> list[Planted]:
    """Plant each fault of rows in a row of its own, and faults of lines at the end."""
    draft = Draft.read(folder)
    planted: list[Planted] = []
    for declared in pack.files:
        rows = pl.read_csv(draft.files[declared.file], infer_schema=False)
        used: set[int] = set()
        for fault in (f for f in ROW_FAULTS if f.file == declared.name):
            at = _candidate(rows, fault, used, random)
            if at is None:
                continue
            used.add(at)
            rows = _changed(rows, at, fault)
            planted.append(Planted(fault.fault, draft.name, declared.file, at + 2, fault.rule_id))
        draft.files[declared.file] = rows.write_csv().encode()
    planted += _plant_lines(draft)
    draft.sealed().write(out)
    return planted


def _candidate(
    rows: pl.DataFrame, fault: RowFault, used: set[int], random: np.random.Generator
) -> int | None:
    fits = rows.with_row_index("at").filter(fault.where.fill_null(value=False))["at"].to_list()
    free = [at for at in fits if at not in used]
    return int(random.choice(free)) if free else None


def _changed(rows: pl.DataFrame, at: int, fault: RowFault) -> pl.DataFrame:
    here = pl.int_range(pl.len()) == at
    return rows.with_columns(
        pl.when(here).then(pl.lit(text, pl.String)).otherwise(pl.col(name)).alias(name)
        for name, text in fault.cells.items()
    )


def _plant_lines(draft: Draft) -> list[Planted]:
    """Repeat a row, and add lines with too few fields, too many, and a quotation mark left open."""
    lines = draft.files["participants.csv"].decode().rstrip("\n").split("\n")
    repeated = lines[1].rsplit(",", 1)[0] + ","
    broken = {
        "row with too few fields": "EN00-1,,1",
        "row with too many fields": lines[-1] + ",,",
        "quotation mark left open": lines[-1].rsplit(",", 1)[0] + ',"Left open',
    }
    planted = [
        Planted(
            "row that stands twice", draft.name, "participants.csv", len(lines) + 1,
            "participants.is_listed_once",
        )
    ]  # fmt: skip
    for at, fault in enumerate(broken):
        planted.append(
            Planted(
                fault, draft.name, "participants.csv", len(lines) + 2 + at, "pack.row_can_be_read"
            )
        )
    text = "\n".join([*lines, repeated, *broken.values()]) + "\n"
    draft.files["participants.csv"] = text.encode()
    return planted


def _recode(folders: Sequence[Path], out: Path) -> list[Planted]:
    """Use a retired authority code in the pack of an area that had one."""
    old = dict(reference.retired_authorities().select("new_code", "old_code").rows())
    rule = "participants.authority_code_was_current"
    for folder in folders:
        draft = Draft.read(folder)
        rows = pl.read_csv(draft.files["participants.csv"], infer_schema=False)
        home = rows["residence_la_code"]
        fits = home.is_in(list(old)).arg_true()
        if len(fits):
            at = int(fits[0])
            fault = RowFault("", "", rule, {"residence_la_code": old[home[at]]})
            draft.files["participants.csv"] = _changed(rows, at, fault).write_csv().encode()
            draft.sealed().write(out)
            return [Planted("retired authority code", draft.name, "participants.csv", at + 2, rule)]
    return []


def _share_a_person(folders: Sequence[Path], out: Path) -> list[Planted]:
    """Give a participant of one area the National Insurance number of another area's."""
    if len(folders) < 2:
        return []
    first, second = (Draft.read(folder) for folder in folders[:2])
    people = pl.read_csv(first.files["participants.csv"], infer_schema=False)
    rows = pl.read_csv(second.files["participants.csv"], infer_schema=False)
    rule = "participants.person_is_in_one_area"
    person = people.filter(pl.col("nino").is_not_null()).select("nino", "sex", "birth_year_month")
    fault = RowFault("", "", rule, person.row(0, named=True))
    second.files["participants.csv"] = _changed(rows, 0, fault).write_csv().encode()
    second.sealed().write(out)
    return [Planted("person in two areas", second.name, "participants.csv", 2, rule)]


def _lost(folders: Sequence[Path], out: Path) -> list[Planted]:
    """Leave one area without a pack, one with nothing but a refused pack, and one late.

    The time of receipt is set at landing, so the late pack is only named here.
    """
    if len(folders) < 3:
        return []
    shutil.rmtree(folders[-1])
    draft = Draft.read(folders[-2])
    draft = replace(draft, manifest={**draft.manifest, "template_version": "0.9.0"})
    draft.write(out)
    return [
        Planted("pack that never came", folders[-1].name),
        Planted("only pack has an old template", draft.name, rule_id="pack.template_is_current"),
        Planted("pack that comes late", folders[-3].name),
    ]
