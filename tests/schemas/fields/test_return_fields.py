"""The kinds of field: what they take, what they refuse, what they make of text."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from pipelines.synthetic.draws import draw
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
from schemas.fields.personal import NEVER_ISSUED

SOON = datetime(2026, 10, 20, 13, 5, tzinfo=UTC)
TAKEN: list[tuple[Kind, str, object]] = [
    (Text(2, 4, pattern="[A-Z]+"), "ABCD", "ABCD"),
    (Code("model"), "IPS", "IPS"),
    (CodeSet("disadvantaged_group"), "CARER; REFUGEE;", "CARER;REFUGEE"),
    (Date(), "2028-02-29", date(2028, 2, 29)),
    (YearMonth(), "1984-05", date(1984, 5, 1)),
    (DateTime(), "2026-10-20T14:05:00+01:00", SOON),
    (DateTime(), "2026-10-20T13:05:00.25Z", SOON),
    (Integer(0, 600, also=(9999,)), "9999", 9999),
    (Decimal(0.5, 60, 1), "37.5", 37.5),
    (NationalInsuranceNumber(), "ab 00 12 34 c", "AB001234C"),
    (PostcodeDistrict(), "sw1a", "SW1A"),
    (FreeText(5), "12345", "12345"),
    (Email(), "returns@council.example", "returns@council.example"),
    (Flag(), "false", False),
]
REFUSED: list[tuple[Kind, str]] = [
    (Text(2, 4, pattern="[A-Z]+"), "ABCDE"),
    (Text(2, 4, pattern="[A-Z]+"), "A"),
    (Text(2, 4, pattern="[A-Z]+"), "AB1"),
    (Code("model"), "ips"),
    (Code("setting_type"), "GP"),
    (CodeSet("disadvantaged_group"), "CARER,REFUGEE"),
    (CodeSet("disadvantaged_group"), "CARERX"),
    (Date(), "2026-02-30"),
    (Date(), "30/09/2026"),
    (Date(), "2026-9-30"),
    (Date(), "1066-10-14"),
    (YearMonth(), "1984-13"),
    (YearMonth(), "1984-05-01"),
    (DateTime(), "2026-10-20T14:05:00"),
    (DateTime(), "9999-12-31T23:59:59-14:00"),
    (DateTime(), "0001-01-01T00:00:00+14:00"),
    (Date(), "0000-01-01"),
    (YearMonth(), "0000-01"),
    (Integer(0, 600), "601"),
    (Integer(0, 600), "1.0"),
    (Integer(0, 600), "1e2"),
    (Integer(0, 600), "99999999999999999999"),
    (Decimal(0.5, 60, 1), "37.55"),
    (Decimal(0.5, 60, 1), "0.4"),
    (Decimal(0, 60, 0), "1.0"),
    (Decimal(0.5, 60, 1), "nan"),
    (NationalInsuranceNumber(), "AB001234E"),
    (NationalInsuranceNumber(), "DB001234C"),
    *((NationalInsuranceNumber(), f"{prefix}001234C") for prefix in NEVER_ISSUED),
    (PostcodeDistrict(), "SW1A 1AA"),
    (FreeText(5), "123456"),
    (Email(), "returns at council"),
    (Flag(), "yes"),
]


def read(kind: Kind, text: str) -> tuple[object, bool]:
    """Return the value of a text, and whether it is right."""
    values = pl.DataFrame({"text": [text]}).select(value=kind.parse(pl.col("text")))
    value = values["value"].item()
    right = values.select(right=kind.permits(pl.col("value")))["right"].item()
    return value, value is not None and bool(right)


@pytest.mark.parametrize(("kind", "text", "value"), TAKEN)
def test_right_text_becomes_its_value(kind: Kind, text: str, value: object):
    assert read(kind, text) == (value, True)


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_wrong_text_is_refused(kind: Kind, text: str):
    assert not read(kind, text)[1]


@pytest.mark.parametrize("kind", [kind for kind, _, _ in TAKEN])
def test_the_example_and_every_drawn_value_are_right(kind: Kind):
    drawn = draw(kind, np.random.default_rng(1), 200).cast(pl.String)
    for text in {kind.example, *drawn.drop_nulls().to_list()} - {""}:
        assert read(kind, text)[1], text


@pytest.mark.parametrize("kind", [kind for kind, _, _ in TAKEN])
def test_values_have_the_declared_type(kind: Kind):
    frame = pl.DataFrame({"text": [kind.example or None]}, schema={"text": pl.String})
    assert frame.select(kind.parse(pl.col("text"))).dtypes == [kind.dtype]
    assert kind.sql_type
    assert kind.expected
