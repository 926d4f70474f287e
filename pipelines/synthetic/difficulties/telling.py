"""Send the packs of a difficult world, and tell the truth about what happened in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.returns import receive
from pipelines.synthetic.difficulties.cases import Case
from pipelines.synthetic.difficulties.declared import CaseMeasure, Difficulty
from pipelines.synthetic.difficulties.lists import LATE_OPENING
from pipelines.synthetic.difficulties.making import DifficultWorld
from pipelines.synthetic.difficulties.of_packs import PEOPLE, WAYS, line_of
from pipelines.synthetic.faults import Planted, TruthKind, with_world

Rows = list[Planted]


@dataclass(frozen=True)
class SentPack:
    """A pack as it was sent: its hash, and the line of each participant and episode in it."""

    path: Path
    sha256: str
    lines: Mapping[tuple[str, int], int]

    @classmethod
    def of(cls, path: Path) -> SentPack:
        """Read a pack that was just written."""
        return cls(path, receive(path).sha256, line_of(path))

    def happened(self, difficulty: Difficulty, measure: CaseMeasure, expected: int) -> Planted:
        """Say what must come of the pack."""
        row = not_sent(difficulty, self.path.name, measure, expected)
        return replace(row, sha256=self.sha256, quarter=self.path.name.split("_")[1])

    def as_it_is(self) -> Rows:
        """Say that nothing wrong was planted in the pack."""
        clean = Planted(TruthKind.CLEAN, "none", self.path.name)
        period = self.path.name.split("_")[1]
        rows = with_world([clean], self.path, self.sha256)
        return [replace(row, quarter=period) for row in rows]


def not_sent(difficulty: Difficulty, name: str, measure: CaseMeasure, expected: int) -> Planted:
    """Say what must come of a pack that may never have been sent."""
    return Planted(
        TruthKind.HAPPENED, difficulty.name, name, measure=measure.value, expected=expected
    )


def send(made: DifficultWorld, written: Sequence[Path]) -> Rows:
    """Send the packs of the areas of a difficult world; return the truth about them.

    `written` are the packs of these areas, of all quarters that were written. Those of the last
    quarter are sent in their difficult ways. Of earlier ones only the nil returns of areas that
    opened late are of the truth.
    """
    last = [path for path in written if f"_{made.to.id}_" in path.name]
    sent: dict[str, list[SentPack]] = {}
    cases: list[Rows] = []
    for path in last:
        sent[path.name.partition("_")[0]], rows = _sent(path, made)
        cases += [rows] if rows else []
    nil = list(_nil_returns(made, written, last))
    for code in made.late:
        own = [one for one in nil if one.path.name.startswith(code)] + sent.get(code, [])
        cases += [[one.happened(LATE_OPENING, CaseMeasure.ROWS, len(one.lines)) for one in own]]
    cases += [list(_of_people(case, made, sent)) for case in made.cases]
    packs = [*nil, *(one for packs in sent.values() for one in packs)]
    asked = [Planted(TruthKind.ASKED, n, None, expected=much) for n, much in made.asked.items()]
    return [*asked, *(row for one in packs for row in one.as_it_is()), *_numbered(cases)]


def _sent(path: Path, made: DifficultWorld) -> tuple[list[SentPack], Rows]:
    """Send a pack in the way of its area; return what was sent, and what must come of it."""
    difficulty = made.packs.get(path.name.partition("_")[0])
    if difficulty is None:
        return [SentPack.of(path)], []
    sending = WAYS[difficulty.name](path, made.random)
    packs = [SentPack.of(one) for one in sending.paths]
    if not packs:
        missing = Planted(TruthKind.NOT_SENT, "pack that never came", path.name)
        return [], [missing, *(not_sent(difficulty, path.name, *one) for one in sending.expected)]
    pairs = zip(packs, sending.expected, strict=True)
    return packs, [pack.happened(difficulty, *one) for pack, one in pairs]


def _nil_returns(
    made: DifficultWorld, written: Sequence[Path], last: Sequence[Path]
) -> Iterator[SentPack]:
    """Read the packs of earlier quarters that areas sent before they opened."""
    for path in written:
        if path.name.startswith(made.late) and path not in last:
            pack = SentPack.of(path)
            if not pack.lines:
                yield pack


def _of_people(
    case: Case, made: DifficultWorld, sent: Mapping[str, Sequence[SentPack]]
) -> Iterator[Planted]:
    """Say on which lines a case stands, what must be found there and what must come of it."""
    for area, reference, episode in case.episodes:
        [pack] = sent[made.world.areas[area].code]
        happened = pack.happened(case.difficulty, case.measure, case.expected)
        line = pack.lines[reference, episode]
        row = replace(happened, file=PEOPLE, line=line)
        yield row
        bare = replace(row, measure=None, expected=None)
        for rule in case.difficulty.rules:
            yield replace(bare, kind=TruthKind.PLANTED, rule_id=rule)
        for rule in case.difficulty.then:
            yield replace(bare, kind=TruthKind.FOLLOWS, rule_id=rule)


def _numbered(cases: Sequence[Rows]) -> Iterator[Planted]:
    """Give the cases of each difficulty their numbers, from 1."""
    counts: Counter[str] = Counter()
    for rows in cases:
        if rows:
            name = rows[-1].fault
            counts[name] += 1
            yield from (replace(row, case_no=counts[name]) for row in rows)
