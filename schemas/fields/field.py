"""A field of the return."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from schemas.declared import declared
from schemas.errors import DeclarationError
from schemas.fields.kind import Kind
from schemas.fields.personal import NationalInsuranceNumber, PostcodeDistrict
from schemas.fields.texts import Email, FreeText

VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


@dataclass(frozen=True)
class Condition:
    """When a field has to be filled: `words` for the sender, `when` for the validator."""

    words: str
    when: pl.Expr = field(compare=False)


@declared
@dataclass(frozen=True)
class Field:
    """One field of the return. One declaration adds a field to every product.

    `required` may be a condition. An `identifier` is read, checked and left behind in the returns
    room. `introduced` is the template version that brought the field. Raises `DeclarationError` for
    a version that is none.
    """

    name: str
    kind: Kind
    description: str
    required: bool | Condition = True
    introduced: str = "1.0.0"
    identifier: bool = False

    def __post_init__(self) -> None:
        if not VERSION.fullmatch(self.introduced):
            raise DeclarationError(
                f"The field {self.name} is introduced by template {self.introduced!r}, which is no "
                "version. Write three numbers, such as 1.1.0."
            )

    @property
    def stays(self) -> bool:
        """Whether the field stays behind: identifiers do, and every field that could hold one."""
        kinds = (FreeText, NationalInsuranceNumber, PostcodeDistrict, Email)
        return self.identifier or isinstance(self.kind, kinds)

    @property
    def needed(self) -> str:
        """When the field has to be filled, in words."""
        if isinstance(self.required, Condition):
            return self.required.words
        return "always" if self.required else "optional"
