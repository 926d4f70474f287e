"""Plant faults of rows: each rule once, and then more until a share of the rows is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from pipelines.synthetic.draft import Draft
from pipelines.synthetic.faults.declared import RowFault
from pipelines.synthetic.faults.lists import LEFT_OUT
from pipelines.synthetic.faults.sheets import EPISODE, Sheets
from pipelines.synthetic.faults.truth import Planted, TruthKind
from schemas.returns import PACK, Severity, catalogue
from schemas.returns.context import history_columns
from schemas.returns.rule_list import rules

# The largest share of rows with faults in a file: the pack stays above the floor of acceptance.
MOST = 0.3
OF_A_PACK = (
    "pack.participants_stay",
    "pack.figures_stay",
    "pack.counts_to_date_do_not_fall",
)
BELONGS = "events.event_belongs_to_an_episode"


@dataclass
class PackRows:
    """The sheets of some packs, and what was planted in them by now, under the names of packs."""

    packs: list[Sheets]
    random: np.random.Generator
    planted: list[Planted]

    def note(
        self, kind: TruthKind, fault: RowFault, pack: Sheets, rule: str, line: int | None
    ) -> None:
        """Write down that a rule is broken, or may be, on a line of a pack."""
        file = rule.partition(".")[0]
        name = "pack" if file == "pack" else f"{file}.csv"
        self.planted.append(
            Planted(kind, fault.fault, pack.draft.name, file=name, line=line, rule_id=rule)
        )


def plant_rows(
    drafts: Sequence[Draft], faults: Sequence[RowFault], rate: float, random: np.random.Generator
) -> tuple[list[Draft], list[Planted]]:
    """Plant faults in packs; return the packs as they are now, and what was planted where.

    Each fault is planted once, wherever a row is left for it, and then again in turn until `rate`
    of the rows of each file are wrong, at most `MOST` of them.
    """
    rows = PackRows([Sheets.of(draft) for draft in drafts], random, [])
    for file in (declared.name for declared in PACK.files):
        own = _rarest_first([fault for fault in faults if fault.file == file], rows)
        for at, fault in enumerate(own):
            _plant_once(rows, fault, at, MOST)
        while rate and sum(_plant_once(rows, f, at, min(rate, MOST)) for at, f in enumerate(own)):
            random.shuffle(own)
    for pack in rows.packs if rows.planted else ():
        for rule in OF_A_PACK:
            rows.note(TruthKind.FOLLOWS, faults[0], pack, rule, None)
    return [pack.done() for pack in rows.packs], rows.planted


def _rarest_first(faults: Sequence[RowFault], rows: PackRows) -> list[RowFault]:
    """Order faults by how many rows allow them, so that common ones take no rare row."""

    def places(fault: RowFault) -> int:
        return sum(len(pack.files[fault.file].candidates(fault.where)) for pack in rows.packs)

    return sorted(faults, key=places)


def _plant_once(rows: PackRows, fault: RowFault, turn: int, share: float) -> bool:
    """Plant a fault in the first pack, from the `turn`th on, that has a row and room for it."""
    count = len(rows.packs)
    for step in range(count):
        pack = rows.packs[(turn + step) % count]
        sheet = pack.files[fault.file]
        has_room = sheet.faulty < share * sheet.base.height
        is_single = fault.adds or fault.borrows
        is_done = is_single and fault.fault in sheet.planted
        if has_room and not is_done and plant(rows, fault, pack):
            sheet.planted.add(fault.fault)
            sheet.faulty += 1
            return True
    return False


def plant(rows: PackRows, fault: RowFault, pack: Sheets) -> bool:
    """Plant a fault in a pack; say whether there was a row for it."""
    sheet = pack.files[fault.file]
    at = sheet.pick(fault.where, rows.random)
    if at is None:
        return False
    if fault.borrows:
        return _borrow(rows, fault, pack, at)
    if fault.beside is not None:
        return _beside(rows, fault, pack, at)
    sheet.used.add(at)
    line = sheet.add(at, fault.cells) if fault.adds else sheet.change(at, fault.cells)
    _note_all(rows, fault, pack, line)
    if fault.on_both:
        _note_all(rows, fault, pack, at + 2)
    if not fault.adds:
        _leave_out_events(rows, fault, pack, at)
    return True


def _borrow(rows: PackRows, fault: RowFault, pack: Sheets, at: int) -> bool:
    """Give a row cells of another one, which breaks the rule as well."""
    lender = pack
    if fault.elsewhere:
        others = [one for one in rows.packs if one is not pack]
        if not others:
            return False
        lender = others[int(rows.random.integers(len(others)))]
    sheet, lent = pack.files[fault.file], lender.files[fault.file]
    own = sheet.base.row(at, named=True)
    is_another = pl.any_horizontal(pl.col(n) != own[n] for n in ("birth_year_month", "sex"))
    sheet.used.add(at)
    other = lent.pick(fault.where & is_another, rows.random)
    if other is None:
        return False
    lent.used.add(other)
    given = lent.base.row(other, named=True)
    cells = {**fault.cells, **{name: given[name] for name in fault.borrows}}
    _note_all(rows, fault, pack, sheet.change(at, cells))
    _note_all(rows, fault, lender, other + 2)
    return True


def _beside(rows: PackRows, fault: RowFault, pack: Sheets, at: int) -> bool:
    """Change or take away a row so that the rule is broken on another of the same day."""
    sheet = pack.files[fault.file]
    day = sheet.base["as_at"][at]
    found = sheet.candidates(fault.beside & (pl.col("as_at") == day))
    if not found:
        return False
    other = found[0]
    sheet.used |= {at, other}
    line = sheet.change(other, fault.beside_cells)
    if fault.drops:
        sheet.drop(at)
        line -= other > at
    else:
        sheet.change(at, fault.cells)
    _note_all(rows, fault, pack, line)
    return True


def _note_all(rows: PackRows, fault: RowFault, pack: Sheets, line: int) -> None:
    """Write down the rule that is broken on a line, and those that may be as a consequence."""
    rows.note(TruthKind.PLANTED, fault, pack, fault.rule_id, line)
    for rule in (*fault.then, *_of_history(fault.file)):
        same_file = rule.partition(".")[0] == fault.file
        is_of_line = same_file and fault.file != "aggregate"
        rows.note(TruthKind.FOLLOWS, fault, pack, rule, line if is_of_line else None)


def _leave_out_events(rows: PackRows, fault: RowFault, pack: Sheets, at: int) -> None:
    """Keep the events of a changed participant from other faults, and say which are left out."""
    sheet, others = pack.files[fault.file], pack.files["events"]
    if fault.file == "aggregate":
        return
    key = dict(zip(EPISODE, sheet.base.select(EPISODE).row(at), strict=True))
    own = others.base.with_columns(_own=pl.all_horizontal(pl.col(n) == v for n, v in key.items()))[
        "_own"
    ].arg_true()
    others.used |= set(own.to_list())
    if fault.file != "participants" or fault.rule_id not in _rejecting():
        return
    has_lost_key = any(name in fault.cells for name in EPISODE)
    for event in own.to_list():
        if has_lost_key:
            rows.note(TruthKind.FOLLOWS, fault, pack, BELONGS, event + 2)
            rows.note(TruthKind.FOLLOWS, fault, pack, LEFT_OUT, event + 2)
        else:
            rows.note(TruthKind.PLANTED, fault, pack, LEFT_OUT, event + 2)


@cache
def _rejecting() -> frozenset[str]:
    """Return the rules that cost a row its place."""
    costly = catalogue().filter(pl.col("severity") == Severity.REJECT_ROW.value)
    return frozenset(costly["rule_id"])


@cache
def _of_history(file: str) -> tuple[str, ...]:
    """Return the rules that compare a row with the return before: a changed row may break them."""
    declared = next(one for one in PACK.files if one.name == file)
    columns = history_columns(file)
    return tuple(
        f"{file}.{rule.id}"
        for rule in rules(declared)
        if rule.holds is not None and columns & set(rule.holds.meta.root_names())
    )
