"""The manifests of all packs of a round, judged as rows like any other return."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pipelines.returns.errors import PackFault
from pipelines.returns.judging import findings
from pipelines.returns.judging.context import of_organisations
from pipelines.returns.judging.judge import judge_rows
from pipelines.returns.judging.writings import rewritten
from pipelines.returns.packs.boundary import attempt
from pipelines.returns.packs.opened import Opened, fields_of
from pipelines.returns.readers.cover import CoverFields, Placed
from schemas.returns import Pack, Return, rules


@dataclass(frozen=True)
class Manifests:
    """The manifests of all packs of a run as judged rows; the column `pack` is the number."""

    manifests: pl.DataFrame
    organisations: pl.DataFrame
    findings: pl.DataFrame
    incomplete: frozenset[int]


def judge_each(opened: list[Opened], pack: Pack) -> tuple[list[Opened], Manifests]:
    """Judge every manifest; refuse only the packs on whose manifest our program fails."""
    try:
        return opened, judge_manifests(opened, pack)
    except Exception:  # one of them: each by itself says which
        sound = [_refused_if_failing(one, pack) for one in opened]
        return sound, judge_manifests(sound, pack)


def _refused_if_failing(one: Opened, pack: Pack) -> Opened:
    outcome = attempt(one.submission_id, lambda: judge_manifests([one], pack))
    if isinstance(outcome, PackFault):
        return replace(one, manifest=None).refused(outcome.fault)
    return one


def judge_manifests(opened: list[Opened], pack: Pack) -> Manifests:
    """Judge every manifest that could be read, with its lists of files and organisations."""
    read = [one for one in opened if one.manifest is not None]
    given, notes = rewritten(_text(read, pack.manifest), pack.manifest)
    manifests = judge_rows(given, pack.manifest)
    files = judge_rows(_listed(read, "files", pack.manifest_files), pack.manifest_files)
    organisations = judge_rows(
        _listed(read, "organisations", pack.organisations), pack.organisations, of_organisations
    )
    bad = pl.concat(
        [rows.rows.filter(~pl.col("is_accepted")).select("pack") for rows in (manifests, files)]
    )
    found = findings.combine(
        [
            notes.with_columns(file=pl.lit(findings.file_name(pack.manifest.name))),
            _in_rows_of_covers(manifests.findings, read, pack.manifest),
            files.findings,
            organisations.findings,
        ]
    )
    return Manifests(manifests.rows, organisations.accepted, found, frozenset(bad["pack"]))


def _in_rows_of_covers(found: pl.DataFrame, opened: list[Opened], declared: Return) -> pl.DataFrame:
    """Give findings on a cover the row of their field; null where the cover has no such row."""
    covers = {
        one.number: one.manifest.rows for one in opened if isinstance(one.manifest, CoverFields)
    }
    fields = {f"{declared.name}.{rule.id}": rule.field for rule in rules(declared)}
    rows = [
        covers[pack].get(fields[rule]) if pack in covers else row
        for pack, row, rule in found.select("pack", "row_number", "rule_id").rows()
    ]
    return found.with_columns(pl.Series("row_number", rows, pl.Int64))


def _text(opened: list[Opened], declared: Return) -> pl.DataFrame:
    rows = [
        (one.number, 1, *(_as_text(fields_of(one).get(name)) for name in declared.names))
        for one in opened
    ]
    return _text_frame(rows, declared)


def _listed(opened: list[Opened], name: str, declared: Return) -> pl.DataFrame:
    """Make text rows of a list in the manifest; an entry of another shape is a row of blanks."""
    rows = []
    for one in opened:
        entries = fields_of(one).get(name)
        for at, entry in enumerate(entries if isinstance(entries, list) else [], start=1):
            held = entry if isinstance(entry, dict) else {}
            row = entry.row if isinstance(entry, Placed) else at
            rows.append((one.number, row, *(_as_text(held.get(n)) for n in declared.names)))
    return _text_frame(rows, declared)


def _text_frame(rows: list[tuple[Any, ...]], declared: Return) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {"pack": pl.Int64(), "row_number": pl.Int64()}
    schema |= dict.fromkeys(declared.names, pl.String())
    return pl.DataFrame(rows, schema=schema, orient="row")


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # JSON can hold half of a surrogate pair, which is no character.
    return text.encode("utf-8", "replace").decode()
