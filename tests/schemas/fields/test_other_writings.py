"""Other writings of a value are read where they have one meaning, and say what they are."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from schemas.fields import (
    Code,
    CodeSet,
    Date,
    DateTime,
    Decimal,
    Entry,
    Flag,
    FreeText,
    Integer,
    Kind,
    NationalInsuranceNumber,
    PostcodeDistrict,
    Text,
    YearMonth,
)

REFERENCE = Text(2, 12, pattern=r"[A-Z]{2}\d+")
SETS = CodeSet("disadvantaged_group")
READ: list[tuple[Kind, str, str, str]] = [
    (Integer(), "1,250", "with a comma between thousands", "1250"),
    (Integer(), "1,250,000", "with a comma between thousands", "1250000"),
    (Integer(), "-1,250", "with a comma between thousands", "-1250"),
    (Integer(), "£1,250.00", "with a comma between thousands", "1250"),
    (Integer(), "£ 1250", "with a pound sign", "1250"),
    (Integer(), "1250.00", "as whole numbers with .0", "1250"),
    (Decimal(), "£12.50", "with a pound sign", "12.50"),
    (Decimal(), "1,250.75", "with a comma between thousands", "1250.75"),
    (Date(), "2026-09-30 00:00:00", "with a time of 00:00:00", "2026-09-30"),
    (Date(), "2026-09-30T00:00:00.000Z", "with a time of 00:00:00", "2026-09-30"),
    (Date(), "30/09/2026", "as dd/mm/yyyy", "2026-09-30"),
    (Date(), "1/9/2026 00:00", "as dd/mm/yyyy", "2026-09-01"),
    (Date(), "46295", "as numbers of days, as Excel keeps them", "2026-09-30"),
    (Date(), "36526.0", "as numbers of days, as Excel keeps them", "2000-01-01"),
    (Date(), "73050", "as numbers of days, as Excel keeps them", "2099-12-31"),
    (YearMonth(), "1984-05-01", "as the first day of the month", "1984-05"),
    (YearMonth(), "1984-05-01 00:00:00", "as the first day of the month", "1984-05"),
    (YearMonth(), "05/1984", "as mm/yyyy", "1984-05"),
    (YearMonth(), "5/1984", "as mm/yyyy", "1984-05"),
    (YearMonth(), "12/1984", "as mm/yyyy", "1984-12"),
    (Code("model"), "ips", "in other letters, capital or small", "IPS"),
    (Code("model"), "Ips", "in other letters, capital or small", "IPS"),
    (SETS, "carer;Refugee", "in other letters, capital or small", "CARER;REFUGEE"),
    (SETS, "Carer, refugee", "apart by commas", "CARER;REFUGEE"),
    (SETS, "carer|refugee", "apart by commas", "CARER;REFUGEE"),
    (REFERENCE, "ab12", "in small letters", "AB12"),
]
NOT_READ: list[tuple[Kind, str]] = [
    (Integer(), "1,25"),
    (Integer(), "1.250,00"),
    (Integer(), "1250.50"),
    (Integer(), "$1250"),
    (Integer(), "1 250"),
    (Decimal(), "12,50"),
    (Date(), "2026-09-30 09:15:00"),
    (Date(), "30.09.2026"),
    (Date(), "31/09/2026"),
    (Date(), "36525"),
    (Date(), "73051"),
    (Date(), "46295.5"),
    (YearMonth(), "1984-05-02"),
    (YearMonth(), "13/1984"),
    (YearMonth(), "May 1984"),
    (REFERENCE, "ab-12"),
]
ENTRIES: list[tuple[Kind, Entry]] = [
    (Integer(0, 600), Entry("whole", 0, 600)),
    (Integer(0, 600, also=(9999,)), Entry("whole", 0, 9999)),
    (Decimal(0.5, 60, 1), Entry("decimal", 0.5, 60)),
    (Date(), Entry("date", date(1900, 1, 1), date(2099, 12, 31))),
    (YearMonth(), Entry("text", 7, 7)),
    (Code("model"), Entry(codes="model")),
    (SETS, Entry()),
    (Flag(), Entry(words=("true", "false"))),
    (FreeText(5), Entry(low=0, high=5)),
    (REFERENCE, Entry(low=2, high=12)),
    (PostcodeDistrict(), Entry(low=2, high=4)),
    (NationalInsuranceNumber(), Entry(low=9, high=13)),
    (DateTime(), Entry()),
]
SCHEMAS: list[tuple[Kind, dict[str, object]]] = [
    (
        Integer(0, 600, also=(9999,)),
        {"type": "integer", "constraints": {"minimum": 0, "maximum": 9999}},
    ),
    (
        Decimal(0.5, 60, 1),
        {"type": "number", "constraints": {"minimum": 0.5, "maximum": 60}},
    ),
    (Date(), {"type": "date", "format": "%Y-%m-%d"}),
    (YearMonth(), {"type": "yearmonth"}),
    (DateTime(), {"type": "datetime"}),
    (Flag(), {"type": "boolean"}),
    (
        REFERENCE,
        {
            "type": "string",
            "constraints": {"minLength": 2, "maxLength": 12, "pattern": r"[A-Z]{2}\d+"},
        },
    ),
    (FreeText(5), {"type": "string", "constraints": {"maxLength": 5}}),
]


def readings(kind: Kind, text: str) -> dict[str, str]:
    """The writings of a kind that read a text, with the template's form of it."""
    frame = pl.DataFrame({"text": [text]})
    found = {one.words: frame.select(one.read(pl.col("text"))).item() for one in kind.writings}
    return {words: value for words, value in found.items() if value is not None}


def decides(kind: Kind, words: str, column: list[str]) -> bool:
    """Whether a writing has one meaning in a column."""
    [writing] = [one for one in kind.writings if one.words == words]
    frame = pl.DataFrame({"text": column})
    return bool(frame.select(writing.decided(pl.col("text"))).to_series().first())


@pytest.mark.parametrize(("kind", "text", "words", "value"), READ)
def test_another_writing_is_read_as_the_template_writes_it(kind, text, words, value):
    assert readings(kind, text)[words] == value


@pytest.mark.parametrize(("kind", "text", "words", "value"), READ)
def test_what_is_read_is_a_value_of_the_kind(kind, text, words, value):
    frame = pl.DataFrame({"text": [value]})
    assert frame.select(kind.parse(pl.col("text"))).item() is not None


@pytest.mark.parametrize(("kind", "text"), NOT_READ)
def test_what_may_mean_something_else_is_not_guessed(kind, text):
    assert readings(kind, text) == {}


@pytest.mark.parametrize(
    ("column", "is_decided"),
    [
        (["30/09/2026"], True),
        (["03/04/2026", "30/09/2026"], True),
        (["03/04/2026"], False),
        (["03/04/2026", "05/06/2026"], False),
        (["03/04/2026", "09/30/2026"], False),
        (["09/30/2026"], False),
    ],
)
def test_days_with_slashes_are_read_when_the_column_leaves_one_order(column, is_decided):
    assert decides(Date(), "as dd/mm/yyyy", column) is is_decided


def test_numbers_are_days_only_where_every_cell_is_such_a_number():
    words = "as numbers of days, as Excel keeps them"
    assert decides(Date(), words, ["46295", "46296"])
    assert not decides(Date(), words, ["46295", "soon"])


@drawn(max_examples=40)
@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_of_excel_is_the_day_that_excel_shows(day):
    serial = str((day - date(1899, 12, 30)) // timedelta(days=1))
    assert readings(Date(), serial) == {"as numbers of days, as Excel keeps them": day.isoformat()}


@drawn(max_examples=40)
@given(st.integers(-999_999, 999_999))
def test_a_number_with_commas_is_the_number_without_them(number):
    found = readings(Integer(), f"{number:,}")
    assert set(found.values()) <= {str(number)}
    assert bool(found) is (abs(number) >= 1_000)


@pytest.mark.parametrize("kind", [Flag(), FreeText(), DateTime(), Text(), PostcodeDistrict()])
def test_kinds_with_one_form_have_no_other_writing(kind):
    assert kind.writings == ()


def test_codes_that_differ_by_their_case_alone_are_not_read_in_another_case():
    for name in ("sex", "model", "referral_route", "local_authority"):
        assert len(Code(name).writings) == 1


@pytest.mark.parametrize(("kind", "entry"), ENTRIES)
def test_a_spreadsheet_takes_what_the_kind_declares(kind, entry):
    assert kind.entry == entry


@pytest.mark.parametrize(
    ("entry", "text", "typed"),
    [
        (Entry("whole"), "007", 7),
        (Entry("decimal"), "12.50", 12.5),
        (Entry("date"), "2026-09-30", date(2026, 9, 30)),
        (Entry(), "007", "007"),
        (Entry("whole"), None, None),
        (Entry("date"), None, None),
    ],
)
def test_a_cell_holds_a_right_value_as_its_form_says(entry, text, typed):
    value = entry.typed(text)
    assert value == typed
    assert type(value) is type(typed)


@pytest.mark.parametrize(("kind", "schema"), SCHEMAS)
def test_the_table_schema_has_the_type_and_the_limits(kind, schema):
    assert kind.table_schema == schema


@pytest.mark.parametrize("name", ["sex", "model"])
def test_the_table_schema_lists_the_codes_and_a_set_takes_any_of_them(name):
    listed = Code(name).table_schema["constraints"]["enum"]
    pattern = CodeSet(name).table_schema["constraints"]["pattern"]
    texts = pl.Series([*listed, ";".join(listed), f"{listed[0]};", "NONE_SUCH"])
    right = texts.str.contains(f"^(?:{pattern})$").to_list()
    assert right == [True] * (len(listed) + 1) + [False, False]


@pytest.mark.parametrize(
    ("kind", "is_reference"),
    [
        (NationalInsuranceNumber(), True),
        (REFERENCE, True),
        (Text(), False),
        (Integer(), False),
        (Code("model"), False),
    ],
)
def test_signs_that_would_change_as_numbers_are_known(kind, is_reference):
    assert kind.is_reference is is_reference


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Integer(0, 600, also=(9999,)), "a whole number from 0 to 600, or 9999"),
        (Decimal(0.5, 60, 1), "a number from 0.5 to 60, at most 1 decimal places"),
        (Text(2, 4), "2 to 4 characters"),
        (Code("local_authority"), "a code of local_authority"),
        (FreeText(5), "at most 5 characters, with nothing that could identify a person"),
    ],
)
def test_a_sender_is_told_what_is_expected(kind, said):
    assert kind.expected == said


def test_a_short_list_of_codes_is_told_whole():
    assert Code("model").expected.startswith("one of ")
    assert set(Code("model").expected.removeprefix("one of ").split(", ")) >= {"IPS"}
