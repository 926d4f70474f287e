"""Every row rule of the catalogue, by one row that keeps it and one that breaks it."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import polars as pl
import pytest

from pipelines.returns.judging.judge import judge_rows
from schemas.errors import DeclarationError
from schemas.fields import (
    Code,
    CodeSet,
    Date,
    DateTime,
    Decimal,
    Email,
    Flag,
    FreeText,
    Integer,
    Kind,
    NationalInsuranceNumber,
    PostcodeDistrict,
    Text,
    YearMonth,
)
from schemas.returns import CATALOGUE_VERSION, PACK, Return, Rule, Severity, catalogue, rules
from schemas.returns.context import context
from tests.spec.return_examples import EXAMPLES, OTHER_ENDS, RIGHT, WHEN_NEEDED, Change

# The version of the catalogue and the beginning of the hash of its rules.
RECORDED = ("1.9.0", "19936890b85b4b61")
RETURNS = {declared.name: declared for declared in PACK.returns}
RULES = [f"{name}.{rule.id}" for name, declared in RETURNS.items() for rule in rules(declared)]


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


IN_CODES = {
    "is_no_nino": "AB001234C",
    "is_no_telephone": "07700900123",
    "is_no_nhs_number": "943-476-5919",
    "is_no_name": "PRITCHARD-GWEN",
}


def example(rule: str) -> tuple[Change, Change]:
    """Return the changes that keep and break a rule; those of fields follow from their kinds."""
    if rule in EXAMPLES:
        return EXAMPLES[rule]
    file, name, judged = rule.split(".")
    kind = RETURNS[file].field(name).kind
    if judged == "is_valid":
        return {name: kind.example or None}, {name: WRONG[type(kind)]}
    if judged == "is_given":
        needed = WHEN_NEEDED.get(f"{file}.{name}", {})
        return {**needed, name: kind.example}, {**needed, name: None}
    if judged == "has_no_personal_data":
        return {name: "Prefers mornings"}, {name: "Ring 07700 900123"}
    if judged in IN_CODES:
        return {name: kind.example}, {name: IN_CODES[judged]}
    raise KeyError(rule)


@cache
def findings(file: str) -> dict[str, set[str]]:
    """Judge all examples of a return at once: the rules broken, by the example."""
    declared = RETURNS[file]
    named = [rule for rule in RULES if rule.startswith(f"{file}.")]
    drawn = {"right": RIGHT[file]}
    for rule in named:
        kept, broken = example(rule)
        drawn[f"{rule} kept"] = {**RIGHT[file], **kept}
        drawn[f"{rule} broken"] = {**RIGHT[file], **broken}
    found = judge_rows(text(declared, list(drawn.values())), declared, beside(file, drawn)).findings
    broken_by: dict[int, set[str]] = {}
    for row_number, rule in found.select("row_number", "rule_id").rows():
        broken_by.setdefault(row_number, set()).add(rule)
    return {name: broken_by.get(at, set()) for at, name in enumerate(drawn)}


def text(declared: Return, rows: list[Change]) -> pl.DataFrame:
    cells = {name: [row.get(name) for row in rows] for name in declared.names}
    schema = dict.fromkeys(declared.names, pl.String())
    frame = pl.DataFrame(cells, schema=schema)
    return frame.select(
        pl.lit(0, pl.Int64).alias("pack"), pl.int_range(pl.len()).alias("row_number"), pl.all()
    )


def beside(file: str, drawn: dict[str, Change]):
    columns = context(file)
    values = pl.DataFrame(
        {name: [row[name] for row in drawn.values()] for name in columns},
        schema={name: dtype for name, (dtype, _) in columns.items()},
    )
    return lambda rows: rows.hstack(values) if columns else rows


@pytest.mark.parametrize("file", RETURNS)
def test_a_right_row_breaks_no_rule(file: str):
    assert findings(file)["right"] == set()


@pytest.mark.parametrize("rule", RULES)
def test_a_row_that_keeps_the_rule_is_not_found(rule: str):
    assert rule not in findings(rule.partition(".")[0])[f"{rule} kept"]


@pytest.mark.parametrize("rule", RULES)
def test_a_row_that_breaks_the_rule_is_found(rule: str):
    assert rule in findings(rule.partition(".")[0])[f"{rule} broken"]


def test_every_example_is_of_a_rule():
    assert set(EXAMPLES) <= set(RULES)


@pytest.mark.parametrize(("rule", "change", "is_found"), OTHER_ENDS)
def test_a_band_has_two_ends_and_no_cell_is_asked_about_twice(rule, change, is_found):
    file = rule.partition(".")[0]
    drawn = {"drawn": {**RIGHT[file], **change}}
    declared = RETURNS[file]
    found = judge_rows(text(declared, list(drawn.values())), declared, beside(file, drawn)).findings
    assert (rule in found["rule_id"].to_list()) is is_found


def test_only_a_query_can_be_accepted_for_a_time():
    rules_listed = catalogue()
    waivable = rules_listed.filter("is_waivable")
    assert set(waivable["severity"]) == {"query"}
    personal = rules_listed.filter(pl.col("rule_id").str.ends_with("has_no_personal_data"))
    assert not personal["is_waivable"].any()
    with pytest.raises(DeclarationError, match="is declared waivable and is a reject_row"):
        Rule("x", 3, Severity.REJECT_ROW, "sex", "x.", "x.", is_waivable=True)


def test_every_rule_names_its_source_and_says_whether_it_blocks():
    listed = catalogue()
    assert (listed["source"].str.len_chars() > 0).all()
    assert (listed["is_blocking"] == (listed["severity"] == "reject_file")).all()


def test_the_catalogue_does_not_change_without_another_version():
    """Rules that follow from a field come and go with it, under the version of the template."""
    follows = pl.col("rule_id").str.contains(r"\.(is_valid|is_given|has_no_personal_data)$")
    content = catalogue().filter(~follows).write_csv().encode()
    recorded = (CATALOGUE_VERSION, sha256(content).hexdigest()[:16])
    assert recorded == RECORDED, "Raise CATALOGUE_VERSION and write the new pair here."
