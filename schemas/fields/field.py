"""A field of the return."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from schemas.fields.kind import Kind
from schemas.fields.personal import NationalInsuranceNumber, PostcodeDistrict
from schemas.fields.texts import Email, FreeText


@dataclass(frozen=True)
class Condition:
    """When a field has to be filled: `words` for the sender, `when` for the validator."""

    words: str
    when: pl.Expr = field(compare=False)


@dataclass(frozen=True)
class Field:
    """One field of the return. One declaration adds a field to every product.

    `required` may be a condition. An `identifier` is read, checked and left behind in the returns
    room. `introduced` is the template version that brought the field.
    """

    name: str
    kind: Kind
    description: str
    required: bool | Condition = True
    introduced: str = "1.0.0"
    identifier: bool = False

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
