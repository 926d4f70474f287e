"""Tables that cannot be right are refused when they are made, with the file and the word."""

from dataclasses import replace

import pytest

from publications.data import open_data
from publications.populations import (
    ANNOUNCEMENTS,
    CASELOAD,
    FUNDING,
    PLANS,
    REFERRALS,
    STARTS,
    people,
)
from schemas.dimension import (
    AGE_BAND,
    BY_FINANCIAL_YEAR,
    BY_QUARTER,
    CONDITION,
    DELIVERY_AREA,
    MODEL,
    NATION,
    REFERRAL_ROUTE,
    REGION,
    SETTING_TYPE,
    SEX,
    Breakdown,
    Dimension,
    coded,
)
from schemas.errors import DeclarationError, UnknownParameter
from schemas.measure import Measure, Rate
from schemas.policy import Policy
from schemas.population import Population, Statistic
from schemas.table import StatisticalTable
from schemas.table_rules import FIGURE_COLUMNS

FILE = "tests/schemas/test_table.py: "
OF_STARTS = Measure(STARTS, "starts", "Starts")
CLAIMED = Measure(FUNDING, "funding_claimed", "Claimed")
PER_START = Rate(
    "claimed_per_start", "Claimed per start", "funding_claimed", "starts", 1, unit="pounds"
)


def table(*measures, by=(NATION,), number=99, table_id="drawn", title="Drawn", **more):
    return StatisticalTable(number, table_id, title, measures or (OF_STARTS,), by, **more)


def rate(**changed):
    return replace(PER_START, **changed)


def with_rate(**changed):
    return table(CLAIMED, OF_STARTS, rate(**changed))


REFUSED = {
    # ---- number, id, title, notes ----
    "the number 0": (
        lambda: table(number=0),
        "The number of the table 'drawn' is 0. Give a whole number from 1 to 999.",
    ),
    "a negative number": (lambda: table(number=-6), "The number of the table 'drawn' is -6."),
    "a number as text": (lambda: table(number="6"), "The number of the table 'drawn' is '6'."),
    "a number that is a yes": (lambda: table(number=True), "The number of the table 'drawn' is"),
    "an empty id": (lambda: table(table_id=""), "The id of table 99 is ''."),
    "an id that is no file name": (
        lambda: table(table_id="starts/by sex"),
        "The id of table 99 is 'starts/by sex'. Use lower-case letters, digits and single",
    ),
    "an id whose first word fits no worksheet": (
        lambda: table(table_id="incapacitybenefitsclaimants"),
        "The id of table 99 is 'incapacitybenefitsclaimants', whose first word does not fit into "
        "the 31 characters of a worksheet's name.",
    ),
    "a title without a word": (
        lambda: table(title="2026"),
        "The title of table 99 (drawn) is '2026'. Say it in words.",
    ),
    "an empty title": (
        lambda: table(title=" "),
        "The title of table 99 (drawn) is empty: ' '.",
    ),
    "a title too long for a worksheet": (
        lambda: table(title="Starts " * 17 + "by sex"),
        "The title of table 99 (drawn) has 125 characters: 'Starts Starts",
    ),
    "a title of two lines": (
        lambda: table(title="Starts\nby sex"),
        "The title of table 99 (drawn) is 'Starts\\nby sex'. Leave out line breaks",
    ),
    "a title that spreadsheets calculate": (
        lambda: table(title="=1+1"),
        "The title of table 99 (drawn) is '=1+1'. Begin with a letter or a digit",
    ),
    "a title with shorthand": (
        lambda: table(title="Starts [c]"),
        "The title of table 99 (drawn) is 'Starts [c]'. Leave out square brackets",
    ),
    "a title that reads as nothing": (
        lambda: table(title="N/A"),
        "The title of table 99 (drawn) is 'N/A', which worksheets use with another meaning.",
    ),
    "an empty note": (
        lambda: table(notes=("One.", "")),
        "Table 99 (drawn): a note is empty: ''.",
    ),
    "a note without a word": (
        lambda: table(notes=(".",)),
        "Table 99 (drawn) has the note '.'. Say it in words.",
    ),
    "the mark of a note as a note": (
        lambda: table(notes=("[Note 1]",)),
        "Table 99 (drawn) has the note '[Note 1]'. Say in words what shorthand means",
    ),
    "notes that differ in a capital": (
        lambda: table(notes=("One area.", "one area.")),
        "Table 99 (drawn) has the note 'One area.' twice.",
    ),
    "a rate with the id of a dimension": (
        lambda: with_rate(id="delivery_area", unit="%", per=100),
        "Table 99 (drawn) has a measure with the id 'delivery_area', which is a dimension or a",
    ),
    "a rate with the id of a column of a dimension": (
        lambda: with_rate(id="delivery_area_code", unit="%", per=100),
        "Table 99 (drawn) has a measure with the id 'delivery_area_code'",
    ),
    "a rate with the id of a column of open data": (
        lambda: table(CLAIMED, OF_STARTS, rate(id="value", unit="%", per=100)),
        "Table 99 (drawn) has a measure with the id 'value', which is a dimension or a",
    ),
    "a note twice": (
        lambda: table(notes=("One.", "One.")),
        "Table 99 (drawn) has the note 'One.' twice.",
    ),
    "a note without a comma": (
        lambda: table(notes=("One.")),
        "Table 99 (drawn): notes must be a tuple of str, not str: 'One.'. A tuple of one thing "
        "ends with a comma.",
    ),
    "a note that is none": (
        lambda: table(notes=(1,)),
        "Table 99 (drawn): notes holds 1, which is no str.",
    ),
    "a note with shorthand": (
        lambda: table(notes=("A [z] is none.",)),
        "Table 99 (drawn) has the note 'A [z] is none.'. Say in words what shorthand means",
    ),
    # ---- dimensions ----
    "no dimension": (lambda: table(by=()), "Table 99 (drawn) has no dimension."),
    "a dimension without a comma": (
        lambda: table(by=(NATION)),
        "Table 99 (drawn): by must be a tuple of Breakdown, not Breakdown",
    ),
    "a dimension that is no breakdown": (
        lambda: table(by=("sex",)),
        "Table 99 (drawn): by holds 'sex', which is no Breakdown.",
    ),
    "a dimension twice": (
        lambda: table(by=(NATION, REGION)),
        "Table 99 (drawn) breaks down twice by the same dimension: delivery_area.",
    ),
    "an unknown dimension": (
        lambda: table(by=(coded("sexx", "Sex", "All", "sex"),)),
        "Table 99 (drawn) breaks down by 'sexx', which is no dimension of starts. The dimensions "
        "are delivery_area, quarter, sex, ",
    ),
    "a dimension of another population": (
        lambda: table(by=(SETTING_TYPE,)),
        "Table 99 (drawn) breaks down by 'setting_type', which is no dimension of starts.",
    ),
    "the codes of another list": (
        lambda: table(by=(coded("sex", "Sex", "All", "yes_no"),)),
        "Table 99 (drawn) breaks down by sex with the codes of codes.yes_no, but the column sex of "
        "starts holds those of codes.sex.",
    ),
    "a dimension that can be blank": (
        lambda: table(Measure(REFERRALS, "referrals", "Referrals"), by=(MODEL,)),
        "Table 99 (drawn) breaks down referrals by model, which can be blank, and codes.model has "
        "no code for what is not stated.",
    ),
    "a quarter of what has none": (
        lambda: table(Measure(ANNOUNCEMENTS, "funding_announced", "Funding"), by=(BY_QUARTER,)),
        "Table 99 (drawn) breaks down by 'quarter', which is no dimension of announcements.",
    ),
    "a population that has no dimension of the table": (
        lambda: table(OF_STARTS, Measure(ANNOUNCEMENTS, "funding_announced", "F"), by=(SEX,)),
        "Table 99 (drawn) counts announcements, but breaks it down by nothing that it has. Its "
        "dimensions are delivery_area.",
    ),
    "a date that no area shows": (
        lambda: table(Measure(ANNOUNCEMENTS, "opened_on", "Opened"), by=(REGION,)),
        "Table 99 (drawn) shows the date opened_on, but no delivery_area of delivery_area, and "
        "larger places have no date.",
    ),
    "a stock without quarters": (
        lambda: table(Measure(CASELOAD, "caseload", "In support")),
        "Table 99 (drawn) has no quarters, but caseload is counted on the last day of each "
        "quarter. Break it down by BY_QUARTER.",
    ),
    "a stock by years": (
        lambda: table(Measure(CASELOAD, "caseload", "In support"), by=(BY_FINANCIAL_YEAR,)),
        "Table 99 (drawn) has no quarters, but caseload",
    ),
    "the latest of no quarters": (
        lambda: table(latest=True),
        "Table 99 (drawn) keeps the latest quarter, but has no quarters.",
    ),
    "two dimensions of one title": (
        lambda: table(by=(SEX, coded("model", "Sex", "All"))),
        "Table 99 (drawn) has two columns with the heading 'Sex'.",
    ),
    "more rows than a worksheet has": (
        lambda: table(
            by=(
                REGION,
                CONDITION,
                REFERRAL_ROUTE,
                SEX,
                AGE_BAND,
                coded("ethnicity_code", "Ethnic group", "All", "ethnicity"),
            )
        ),
        "Table 99 (drawn) has ",
    ),
    # ---- privacy ----
    "two characteristics below region": (
        lambda: table(by=(DELIVERY_AREA, SEX, AGE_BAND)),
        "Table 99 (drawn) crosses sex and age_band by delivery_area, which shows places below",
    ),
    "two characteristics below region by another name": (
        lambda: table(
            by=(
                Breakdown(Dimension("place", "Place", "All", "geography"), ("delivery_area",)),
                Breakdown(Dimension("gender", "Gender", "All", code_list="sex"), ("code",)),
                AGE_BAND,
            )
        ),
        "Table 99 (drawn) crosses gender and age_band by place, which shows places below region.",
    ),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_a_table_that_cannot_be_right_is_refused_with_file_and_word(make, message):
    with pytest.raises(DeclarationError) as refused:
        make()
    assert str(refused.value).startswith(FILE + message)


PRIVATE = {
    "a rate": (lambda: rate_with(minimum_denominator=1), "A Rate has no parameter"),
    "a measure": (lambda: measure_with(threshold=1), "A Measure has no parameter"),
    "a table": (lambda: table(policy=STARTS.policy), "A StatisticalTable has no parameter"),
}


def rate_with(**more):
    return Rate("starts_percent", "Share", "starts", "referrals", **more)


def measure_with(**more):
    return Measure(STARTS, "starts", "Starts", **more)


@pytest.mark.parametrize(("make", "message"), PRIVATE.values(), ids=PRIVATE)
def test_a_parameter_of_privacy_is_none_of_a_table(make, message):
    with pytest.raises(UnknownParameter) as refused:
        make()
    assert str(refused.value).startswith(FILE + message)
    assert "publications/policies.py" in str(refused.value)


def test_the_least_figure_that_a_rate_divides_by_is_that_of_the_policy():
    share = rate_with()
    made = table(OF_STARTS, Measure(REFERRALS, "referrals", "Referrals"), share)
    assert made.minimum_denominator(share) == REFERRALS.policy.minimum_denominator == 30


def test_a_parameter_that_is_missing_is_named():
    with pytest.raises(UnknownParameter, match=r"test_table.py: .* not complete: .*'title'"):
        Measure(STARTS, "starts")


def test_a_declaration_made_by_a_function_names_the_file_of_the_function():
    """A population is declared where its policy is chosen."""
    with pytest.raises(
        DeclarationError, match=r"^publications/populations.py: The statistic starts"
    ):
        people("starts", "")


def test_a_table_knows_its_file_and_equals_the_same_table_of_another_file():
    text = (
        "from schemas.dimension import NATION\nfrom publications.populations import STARTS\n"
        "from schemas.table import Measure, StatisticalTable\n"
        "TABLE = StatisticalTable(99, 'drawn', 'Drawn', "
        "(Measure(STARTS, 'starts', 'Starts'),), (NATION,))"
    )
    elsewhere: dict = {}
    exec(compile(text, "/elsewhere/drawn.py", "exec"), elsewhere)
    assert elsewhere["TABLE"].declared_in == "/elsewhere/drawn.py"
    assert table().declared_in == FILE.removesuffix(": ")
    assert table() == elsewhere["TABLE"]


def test_what_can_be_right_is_accepted():
    assert with_rate().populations == (FUNDING, STARTS)
    assert table(by=(DELIVERY_AREA, CONDITION, BY_QUARTER), latest=True)
    assert table(Measure(PLANS, "planned_starts", "Planned"), OF_STARTS, by=(DELIVERY_AREA,))
    assert table(OF_STARTS, CLAIMED, by=(NATION, SEX)), "not every population has every dimension"
    assert table(title="Earnings at 12 months, £ a week: people who've started & stayed")


DERIVED = [Breakdown, Dimension, Measure, Policy, Population, Rate, Statistic, StatisticalTable]


@pytest.mark.parametrize("kind", DERIVED, ids=lambda kind: kind.__name__)
def test_a_class_that_could_answer_otherwise_than_it_declares_is_refused(kind):
    """A breakdown that shows other levels than it names would escape the rule below region."""
    with pytest.raises(DeclarationError) as refused:
        type("Other", (kind,), {"shown_levels": ("country_group", "nation")})
    assert str(refused.value) == (
        f"{FILE}Other is derived from {kind.__name__}, but declarations are made of the classes "
        "in schemas/ as they are. Declare with those."
    )


def test_the_ids_that_are_taken_are_the_columns_of_open_data():
    assert {*open_data.FIGURE_COLUMNS, "date"} <= set(FIGURE_COLUMNS)
