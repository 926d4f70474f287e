"""Sealed records of decisions about a quarter: one file of lines for each kind and quarter.

They are an input of the build, other than the register of releases, which says what was done. Each
line has its number and the hash of the line before it; each sign-off keeps how many lines there
were and the hash of the last one. So a line that is edited, replayed or moved is found, and so is
one that is removed: the last one once a sign-off holds it (docs/decisions/0007).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from operations.errors import SignOffError
from operations.home.durable import replace_file
from operations.home.locks import exclusive
from operations.home.settings import Settings
from operations.releases import register
from operations.releases.register import (
    NONE_BEFORE,
    SIGN_OFF,
    Words,
    as_text,
    canonical,
    digest,
    key_kept,
    lines_of,
    sealed,
    unsealed,
)
from operations.releases.typed_words import check_every_text
from schemas.errors import PeriodError
from schemas.quarter import Quarter
from schemas.texts import counted

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Made = TypeVar("Made", bound="DataclassInstance")


@dataclass(frozen=True)
class QuarterRecords:
    """The records of one kind: the `act` that each line names, their folder below `registers/`.

    `again` is what a person types to give a record again, before the quarter. A record that `lasts`
    is an input of later quarters too: their sign-offs keep where its file ended.
    """

    act: str
    folder: str
    again: str
    lasts: bool = False

    def add(
        self, settings: Settings, quarter: Quarter, records: Sequence[Mapping[str, Any]]
    ) -> None:
        """Seal records and write them below those that are held.

        Raises `SignOffError` when those are not as they were written, and `TypeError` for a record
        with a text that did not pass the gate for what people type.
        """
        for one in records:
            check_every_text(one)
        with exclusive(settings.home / "registers" / f".{self.folder}"):
            self.read(settings, quarter)
            lines = lines_of(self.place(settings, quarter))
            for one in records:
                lines.append(canonical(sealed(settings, self._next(settings, quarter, lines, one))))
            self.write(settings, quarter, lines)

    def _next(
        self, settings: Settings, quarter: Quarter, held: list[str], one: Mapping[str, Any]
    ) -> Words:
        """Return what the next line says: its place in the chain, then the record."""
        return {
            "act": self.act,
            "quarter": quarter.id,
            "rehearsal": settings.is_rehearsal,
            "number": len(held) + 1,
            "before": digest(held[-1]) if held else NONE_BEFORE,
            **one,
        }

    def write(self, settings: Settings, quarter: Quarter, lines: list[str]) -> None:
        """Write the lines, then their copy."""
        for place in (self.place(settings, quarter), self.copy(settings, quarter)):
            replace_file(place, as_text(lines))

    def read(self, settings: Settings, quarter: Quarter) -> list[Words]:
        """Return the records, the first first.

        Raises `SignOffError` for a line of another hand, for one that is not in its place, and
        when a line is lost that the copy or a sign-off knows of.
        """
        lines = lines_of(self.place(settings, quarter))
        found = self.believed(settings, quarter, lines)
        if len(found) < len(lines):
            raise SignOffError(
                f"Line {len(found) + 1} of {self._name(quarter)} was not written by this system, "
                f"was changed since, or is not in its place. {self._way_back(settings, quarter)}"
            )
        self._check_nothing_lost(settings, quarter, lines)
        return found

    def read_as(self, settings: Settings, quarter: Quarter, kind: type[Made]) -> list[Made]:
        """Return what each record says, the first first, as a dataclass; raises as `read`."""
        names = [field.name for field in fields(kind)]
        return [
            kind(**{name: _frozen(words[name]) for name in names})
            for words in self.read(settings, quarter)
        ]

    def believed(self, settings: Settings, quarter: Quarter, lines: Sequence[str]) -> list[Words]:
        """Return the records up to the first line that is not as this home wrote it there.

        The first lines may be without a number: they are from before lines were numbered.
        """
        found: list[Words] = []
        before, is_chained, key = NONE_BEFORE, False, key_kept(settings)
        for number, line in enumerate(lines, start=1):
            words = unsealed(settings, line, (self.act,), key)
            if words is None or (words["quarter"], words["rehearsal"]) != (
                quarter.id,
                settings.is_rehearsal,
            ):
                break
            is_chained = is_chained or "number" in words
            if is_chained and (words.get("number"), words.get("before")) != (number, before):
                break
            found.append(words)
            before = digest(line)
        return found

    def head(self, settings: Settings, quarter: Quarter) -> str:
        """Say how many records there are and the hash of the last: "2 9f86d0..."; "0" for none."""
        self.read(settings, quarter)
        return _head(lines_of(self.place(settings, quarter)))

    def place(self, settings: Settings, quarter: Quarter) -> Path:
        """Name the file of the records of a quarter."""
        return settings.home / "registers" / self.folder / f"{quarter.id}.jsonl"

    def copy(self, settings: Settings, quarter: Quarter) -> Path:
        """Name the copy of that file."""
        return settings.home / "registers" / "copies" / self.folder / f"{quarter.id}.jsonl"

    def quarters(self, settings: Settings) -> list[Quarter]:
        """List the quarters that have records of this kind, oldest first.

        Those of which only a copy is left, or only the sign-off of another quarter knows, are among
        them. Raises `SignOffError` for a file that is named after no quarter.
        """
        folders = (settings.home / "registers", settings.home / "registers" / "copies")
        names = [file.stem for place in folders for file in (place / self.folder).glob("*.jsonl")]
        for _, records in _signed_records(settings) if self.lasts else ():
            names += [key.partition("/")[2] for key in records if key.startswith(f"{self.folder}/")]
        try:
            return sorted({Quarter.parse(name) for name in names})
        except PeriodError:
            raise SignOffError(
                f"registers/{self.folder}, or its copy in registers/copies, holds a file that is "
                "not named after a quarter, so nobody knows what it is about. Take it out."
            ) from None

    def _name(self, quarter: Quarter) -> str:
        return f"registers/{self.folder}/{quarter.id}.jsonl"

    def _check_nothing_lost(
        self, settings: Settings, quarter: Quarter, lines: Sequence[str]
    ) -> None:
        """Raise `SignOffError` when the copy or a sign-off knows of a line that is not there."""
        held = lines_of(self.copy(settings, quarter))
        if len(held) > len(lines) and self.believed(settings, quarter, held):
            raise SignOffError(
                f"{self._name(quarter)} has {counted(len(lines), 'line', 'lines')}, and its copy "
                f"has {len(held)}: lines were lost. {register.RESTORE}"
            )
        for version, signed in self._signed(settings, quarter):
            count = int(signed.split()[0])
            if _head(lines[:count]) != signed:
                raise SignOffError(
                    f"{self._name(quarter)} is not as it was when v{version} was signed off: a "
                    "line of it was lost or replaced. Put the file back from a backup, or from "
                    "its copy: ctw records --restore"
                )

    def _signed(self, settings: Settings, quarter: Quarter) -> Iterator[tuple[int, str]]:
        """Give what each sign-off of a quarter kept of these records, with its version."""
        for words, records in _signed_records(settings):
            if words["quarter"] == quarter.id:
                yield words["version"], records.get(self.folder, _head(()))
            elif self._key(quarter) in records:
                yield words["version"], records[self._key(quarter)]

    def heads(self, settings: Settings, quarter: Quarter) -> dict[str, str]:
        """Return the head of the records of a quarter, and of earlier ones that last until it."""
        found = {self.folder: self.head(settings, quarter)}
        for known in self.quarters(settings) if self.lasts else ():
            if known < quarter:
                found[self._key(known)] = self.head(settings, known)
        return found

    def _key(self, quarter: Quarter) -> str:
        """Name the head of these records in the sign-off of another quarter."""
        return f"{self.folder}/{quarter.id}"

    def _way_back(self, settings: Settings, quarter: Quarter) -> str:
        """Say what can be done about lines that are not believed."""
        if any(head != _head(()) for _, head in self._signed(settings, quarter)):
            return (
                "A version was signed off with these records, so put the file back from a backup, "
                "or from its copy: ctw records --restore"
            )
        return (
            "Put the file back from its copy (ctw records --restore) or from a backup, or remove "
            f"it and its copy in registers/copies, and {self.again} {quarter.id}"
        )


EXPLANATIONS = QuarterRecords(
    "explanation", "explanations", "give the explanations again: ctw explain"
)
TREATMENTS = QuarterRecords("treatment", "treatments", "choose again: ctw treat")
CORRECTIONS = QuarterRecords(
    "correction", "corrections", "ask for the correction again: ctw correct"
)
KNOWN_ERRORS = QuarterRecords("known error", "known_errors", "say it again: ctw known-wrong")
WAIVERS = QuarterRecords("waiver", "waivers", "accept the questions again: ctw waive", lasts=True)
KINDS = (EXPLANATIONS, TREATMENTS, CORRECTIONS, KNOWN_ERRORS, WAIVERS)
"""Every kind of record of a quarter: a sign-off keeps the head of each."""


def heads(settings: Settings, quarter: Quarter) -> dict[str, str]:
    """Return the head of each kind of record of a quarter, by its folder.

    Nobody writes the register of releases meanwhile.
    """
    with exclusive(register.lock_of(settings)):
        return {
            name: head for kind in KINDS for name, head in kind.heads(settings, quarter).items()
        }


def _signed_records(settings: Settings) -> Iterator[tuple[Words, Mapping[str, str]]]:
    """Give each sign-off that kept heads of records, and these by their names."""
    for words in register.read(settings):
        if words["act"] == SIGN_OFF and "records" in words:
            yield words, words["records"]


def _frozen(value: object) -> object:
    """Return a value of a record as a dataclass holds it: a list becomes a tuple."""
    return tuple(value) if isinstance(value, list) else value


def _head(lines: Sequence[str]) -> str:
    return f"{len(lines)} {digest(lines[-1])}" if lines else "0"
