"""What a relation of the warehouse is: its rows, its columns, what they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.declared import declared
from schemas.errors import DeclarationError

Group = Literal["dimension", "fact", "population", "step", "reference", "returns"]


@dataclass(frozen=True)
class RelationColumn:
    """One column. The same name means the same, with the same type, in every relation.

    `refers_to` names the code list, or the relation, that holds every value the column may have.
    """

    name: str
    sql_type: str
    comment: str
    refers_to: str = ""


@declared
@dataclass(frozen=True)
class Relation:
    """One relation: `grain` says what a row is; `key` names the columns that identify a row.

    `required` columns are never null, and neither are those of the key that are not `open`.
    `blank` columns hold codes, and null where nothing was reported. A `stock` is counted on the
    last day of each quarter. What is made `from_returns`, also through others, is confidential.
    """

    name: str
    group: Group
    grain: str
    columns: tuple[RelationColumn, ...]
    key: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    stock: bool = False
    from_returns: bool = True

    def __post_init__(self) -> None:
        twice = sorted({n for n in self.names if self.names.count(n) > 1})
        unknown = sorted({*self.key, *self.required, *self.open, *self.blank} - set(self.names))
        if twice or unknown:
            raise DeclarationError(
                f"The relation {self.name} declares {twice or 'no column'} twice, and its "
                f"key, required, open or blank columns name {unknown or 'no column'} that it does "
                "not have."
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def types(self) -> dict[str, str]:
        """The DuckDB type of each column."""
        return {column.name: column.sql_type for column in self.columns}

    @property
    def filled(self) -> tuple[str, ...]:
        """The columns that are never null."""
        key = [name for name in self.key if name not in self.open]
        return tuple(dict.fromkeys((*key, *self.required)))
