"""What a return is made of: rules, pseudonyms, derived values, the files of a pack."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from schemas.declared import declared
from schemas.errors import DeclarationError
from schemas.fields import Field


class Severity(StrEnum):
    """What a broken rule does: refuse the pack, refuse the row, ask the area, or take note."""

    REJECT_FILE = "reject_file"
    REJECT_ROW = "reject_row"
    QUERY = "query"
    NOTE = "note"


# Where a rule comes from that names no other source.
OWN_SPECIFICATION = "This project's own specification"
CATEGORIES = {
    1: "File pre-check",
    2: "Value invalid",
    3: "Record consistency",
    4: "Case consistency",
    5: "Section consistency",
    6: "Historical consistency",
}


@declared
@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue: `id` says what must hold, `message` what was found instead.

    `holds` is true for the rows that keep the rule; null counts as kept. It may use the fields of
    its return and the context columns of `schemas.returns.context`. None: judged by the pipeline.
    `source` says where the rule or its threshold comes from. `is_waivable` says whether the
    finding may be accepted for a time: None stands for "if it is a query". `found` is a sentence on
    each row that breaks the rule, of counts that the pipeline worked out itself; None where the
    message says it all. Raises `DeclarationError` for a waivable rule that is no query.
    """

    id: str
    category: int
    severity: Severity
    field: str
    message: str
    fix: str
    holds: pl.Expr | None = dataclasses.field(default=None, compare=False)
    source: str = OWN_SPECIFICATION
    is_waivable: bool | None = None
    found: pl.Expr | None = dataclasses.field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.is_waivable and self.severity is not Severity.QUERY:
            raise DeclarationError(
                f"The rule {self.id} is declared waivable and is a {self.severity.value}. Only a "
                "query can be accepted for a time: what is refused stays out, and a note needs "
                "no answer."
            )

    @property
    def is_blocking(self) -> bool:
        """Whether a pack that breaks the rule is refused as a whole."""
        return self.severity is Severity.REJECT_FILE

    @property
    def can_be_waived(self) -> bool:
        """Whether a finding of the rule may be accepted for a time."""
        return self.severity is Severity.QUERY if self.is_waivable is None else self.is_waivable


@dataclass(frozen=True)
class Pseudonym:
    """A keyed hash of `fields` that stands for them; `within_area` adds the area to the hash.

    It is null where one of the context columns `unless` is true. One that `stays` does not leave
    the tables of the returns room.
    """

    name: str
    fields: tuple[str, ...]
    description: str
    within_area: bool = True
    unless: tuple[str, ...] = ()
    stays: bool = False


@dataclass(frozen=True)
class Derived:
    """A value worked out from fields that do not leave the returns room."""

    name: str
    dtype: pl.DataType
    sql_type: str
    description: str
    value: pl.Expr = dataclasses.field(compare=False)


@declared
@dataclass(frozen=True, eq=False)
class Return:
    """One file of the pack: its rows (`grain`), its key, its fields and the rules of its rows.

    It equals only itself: what two rules say can be equal where what holds is not.
    """

    name: str
    title: str
    grain: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    pseudonyms: tuple[Pseudonym, ...] = ()
    derived: tuple[Derived, ...] = ()

    def __post_init__(self) -> None:
        names = [declared.name for declared in self.fields]
        twice = sorted({name for name in names if names.count(name) > 1})
        unknown = sorted({rule.field for rule in self.rules} - set(names))
        if twice or unknown or not set(self.key) <= set(names):
            raise DeclarationError(
                f"The return {self.name} declares {twice or 'no field'} twice, has rules on "
                f"{unknown or 'no field'} it does not declare, and has the key {self.key}. Each "
                "field is declared once; rules and the key name declared fields."
            )

    @property
    def file(self) -> str:
        """The name of the file in the pack."""
        return f"{self.name}.csv"

    @property
    def sheet(self) -> str:
        """The name of the sheet in a pack that is one workbook."""
        return self.name.capitalize()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in the order of the file."""
        return tuple(declared.name for declared in self.fields)

    def field(self, name: str) -> Field:
        """Return a declared field by its name."""
        return next(declared for declared in self.fields if declared.name == name)


def as_numbers(version: str) -> tuple[int, ...]:
    """Return a version such as `1.10.0` as numbers, which compare as versions do."""
    return tuple(map(int, version.split(".")))


def is_plain_version(text: str | None) -> bool:
    """Whether a text is a version that may be shown: 12.03.1985 has its form, and is a day too."""
    return bool(re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d", text or ""))


# The largest area sends some 30,000 participants and 150,000 events.
MOST_FINDINGS = 250_000


@declared
@dataclass(frozen=True, eq=False)
class Pack:
    """All files of one submission: the manifest, its lists, and the CSV files.

    It equals only itself, as its returns do. A pack of whose rows of participants fewer than
    `least_share_accepted` can be kept is refused, and so is one of which rows of a file lose their
    place for more than `most_findings` reasons in all.
    Raises `DeclarationError` for a required field that packs of an accepted version lack.
    """

    template_id: str
    template_version: str
    accepted_versions: tuple[str, ...]
    manifest: Return
    manifest_files: Return
    organisations: Return
    participants: Return
    events: Return
    aggregate: Return
    rules: tuple[Rule, ...] = ()
    least_share_accepted: float = 0.0
    most_findings: int = MOST_FINDINGS

    def __post_init__(self) -> None:
        if self.template_version not in self.accepted_versions:
            raise DeclarationError(
                f"The template_version is {self.template_version}, which is none of the "
                f"accepted_versions ({', '.join(self.accepted_versions)}): nobody could send the "
                "current form."
            )
        oldest = min(self.accepted_versions, key=as_numbers)
        for file in self.returns:
            for one in file.fields:
                self._check_introduced(file, one, oldest)

    def _check_introduced(self, declared: Return, one: Field, oldest: str) -> None:
        """Raise for a field that no form has yet, or that packs of an accepted form lack."""
        if as_numbers(one.introduced) > as_numbers(self.template_version):
            raise DeclarationError(
                f"The field {one.name} of {declared.name} is introduced by template "
                f"{one.introduced}, but template_version is {self.template_version}. Raise it in "
                "schemas/returns/pack.py."
            )
        if as_numbers(one.introduced) > as_numbers(oldest) and one.required is not False:
            raise DeclarationError(
                f"The field {one.name} of {declared.name} is required and introduced by template "
                f"{one.introduced}, but packs of template {oldest} are accepted, which lack it: "
                "every row of theirs would be refused. Declare it with required=False, or take "
                f"{oldest} out of accepted_versions in schemas/returns/pack.py."
            )

    @property
    def files(self) -> tuple[Return, ...]:
        """The CSV files of the pack, in the order in which they are judged."""
        return (self.participants, self.events, self.aggregate)

    @property
    def returns(self) -> tuple[Return, ...]:
        """Everything in the pack that has fields."""
        return (self.manifest, self.manifest_files, self.organisations, *self.files)
