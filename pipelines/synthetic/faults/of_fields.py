"""The faults that follow from a field's declaration: a wrong value, a blank, personal data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from pipelines.synthetic.faults.declared import ANY_ROW, RowFault
from schemas.fields import (
    Code,
    CodeSet,
    Condition,
    Date,
    DateTime,
    Decimal,
    Email,
    Field,
    Flag,
    FreeText,
    Integer,
    Kind,
    NationalInsuranceNumber,
    PostcodeDistrict,
    Text,
    YearMonth,
)
from schemas.returns import PACK, Return
from schemas.returns.rule_list import field_rules

# A value that no field of the kind can hold, and that cannot be read in another way either.
WRONG: dict[type[Kind], str] = {
    Code: "NO_SUCH_CODE",
    CodeSet: "NO_SUCH_CODE;NOR_THIS",
    Date: "2026-02-30",
    DateTime: "yesterday",
    Decimal: "-1",
    Email: "nobody",
    Flag: "perhaps",
    FreeText: "x" * 501,
    Integer: "87654321",
    NationalInsuranceNumber: "GB001234C",
    PostcodeDistrict: "W5 1AA",
    Text: "x" * 101,
    YearMonth: "1984-13",
}
# Made-up numbers: the digits of the first begin with 00, the second is kept free for drama.
NINO, TELEPHONE, NOTE = "AB001234C", "07700900123", "Ring 07700 900123 after four"
# Numbers that begin with 9 are those of examples.
NHS_NUMBER, PERSON = "9434765919", "GWEN-EXAMPLE-DAVIES"
IN_PLACE = {
    "is_no_nino": NINO,
    "is_no_telephone": TELEPHONE,
    "is_no_nhs_number": NHS_NUMBER,
    "is_no_name": PERSON,
    "has_no_personal_data": NOTE,
}


def wrong_cell(declared: Field, judged: str) -> str | None:
    """Return what stands in a field whose rule `judged` is broken; None for a blank."""
    if judged == "is_valid":
        return WRONG[type(declared.kind)]
    return IN_PLACE.get(judged)


def of_fields(
    declared: Return, where: Mapping[str, pl.Expr], then: Mapping[str, tuple[str, ...]]
) -> Iterator[RowFault]:
    """List a fault for each rule that a return's fields bring; `where` and `then` by field.

    `where` also says by `field.is_given` which rows need the field.
    """
    for one in declared.fields:
        for rule in field_rules(one):
            judged = rule.id.rpartition(".")[2]
            here = where.get(one.name, ANY_ROW)
            if judged == "is_given":
                here &= _needed(one)
            yield RowFault(
                f"{one.name}: {judged}",
                f"{declared.name}.{rule.id}",
                {one.name: wrong_cell(one, judged)},
                here & where.get(rule.id, ANY_ROW),
                then.get(one.name, ()) + then.get(rule.id, ()),
            )


def _needed(declared: Field) -> pl.Expr:
    required = declared.required
    return required.when if isinstance(required, Condition) else ANY_ROW


RETURNS = {declared.name: declared for declared in PACK.returns}
