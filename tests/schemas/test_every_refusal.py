"""Every refusal of a declaration: each is made here once, and names the file and the word."""

import ast
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from disclosure import (
    CellKey,
    CellKeyMagnitude,
    ComplementarySuppression,
    Dominance,
    GroupDisclosure,
    MinimumContributors,
    Phrase,
    PPercent,
    ReaderLoss,
    Round,
)
from publications.policies import MONEY, PUBLIC
from publications.populations import CASELOAD, FUNDING, HEALTH_SETTINGS, PLANS, STARTS
from publications.tables import check_populations, check_set, found
from schemas.dimension import BY_QUARTER, CONDITION, DELIVERY_AREA, NATION, Codes, Dimension
from schemas.errors import DeclarationError
from schemas.expectations.suite import Suite, between
from schemas.fields import Field, Integer
from schemas.policy import Policy
from schemas.population import Population, Statistic, check_relations
from schemas.returns import PACK
from schemas.returns.declaration import Return, Rule, Severity
from schemas.table import Measure, Rate, StatisticalTable
from schemas.warehouse import Relation, relation
from schemas.warehouse.column_list import columns
from tests.schemas import test_dimension, test_measure, test_population, test_table

ROOT = Path(__file__).parents[2]
REFUSING = [*sorted((ROOT / "schemas").rglob("*.py")), ROOT / "publications/tables/__init__.py"]
SAID = re.compile(r"^[\w./-]+\.(py|csv): [A-Z]")
KINDS = ("DeclarationError(", "UnknownParameter(")
FIELD = Field("minutes", Integer(0, 240), "Minutes")
WHY, LOST = Phrase("people.because"), Phrase("people.users_lose")
MINE = Policy("mine", (Round(5),), WHY, LOST, 30, minimum_behind_change=10)
KNOWN_TO_NOBODY = ComplementarySuppression(singletons=False)
CALCULATED = ComplementarySuppression(protect="exact")
WEAK_RULES = (Dominance(k=98), Dominance(k=85), PPercent(p=1), PPercent(p=9))
WEAK_NOISE = (CellKey(base=1, variance=0.01, largest_change=1), CellKeyMagnitude(), Round(base=1))
ONE_AMOUNT = Dominance(statistics=("funding_claimed",))


def exact(*methods):
    return Policy("mine", methods, WHY, LOST, 30)


def drawn(number=1, table_id="one", population=STARTS, by=NATION, **more):
    of = Measure(population, "starts", "Starts")
    return StatisticalTable(number, table_id, f"Drawn {number}", (of,), (by,), **more)


def with_field(**changed):
    fields = (*PACK.participants.fields, replace(FIELD, **changed))
    return replace(PACK.participants, fields=fields)


def codes(*parents, names="abc"):
    rows = {"code": [*names], "label": [*"ABC"], "parent": parents, "level": [*"xyz"]}
    return Codes(pl.DataFrame(rows, schema_overrides={"parent": pl.String}))


def accepted(*versions):
    return {"template_version": versions[-1], "accepted_versions": versions}


def tables_in(folder, **texts):
    """The tables of a package with these modules."""
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    (folder / "__init__.py").write_text("")
    return found(folder.name, [str(folder)])


HERE = {
    "a special category that no policy guards": (
        lambda: drawn(population=replace(STARTS, policy=MINE), by=CONDITION),
        "condition_primary",
    ),
    "a class derived from a declaration": (lambda: type("Other", (Dimension,), {}), "Other"),
    "a parameter that is missing": (lambda: Measure(STARTS, "starts"), "title"),
    "a value of the wrong kind": (lambda: replace(NATION.dimension, source=["x"]), "Dimension"),
    "a method that is none": (lambda: Policy("mine", ("CellKey",), WHY, LOST, 30), "CellKey"),
    "a part of a person": (lambda: replace(MINE, minimum_denominator=29.5), "29.5"),
    "a truth value for a number": (lambda: replace(MINE, minimum_behind_change=True), "True"),
    "people that are neither": (lambda: replace(STARTS, people="no"), "'no'"),
    "a word for yes": (lambda: replace(STARTS, stock="yes"), "'yes'"),
    "returns that nothing protects": (lambda: replace(FUNDING, policy=PUBLIC), "public"),
    "a unit of no list": (
        lambda: replace(FUNDING, unit="bananas"),
        "its unit is 'bananas', which is not declared for it. Declared are areas, people, ",
    ),
    "a figure in a unit of no list": (lambda: Statistic("n", "N", unit="bananas"), "bananas"),
    "a count in per cent": (lambda: Statistic("n", "N", unit="%"), "'%'"),
    "a rate in a unit of no list": (
        lambda: Rate("per_start", "Per start", "claimed", "starts", unit="per cent"),
        "schemas/units.py",
    ),
    "a percentage of a thousand": (
        lambda: Rate("rate", "Rate", "starts", "referrals", per=1000),
        "1000",
    ),
    "a method for an unknown dimension": (
        lambda: Policy("mine", (GroupDisclosure(("shoe",)),), WHY, LOST, 30),
        "shoe",
    ),
    "a loss along an unknown dimension": (
        lambda: Policy("mine", (ComplementarySuppression(loss=ReaderLoss("shoe")),), WHY, LOST, 30),
        "shoe",
    ),
    "people that are not said to be": (
        lambda: Population(
            "starts", "Starts", "areas", (Statistic("n", "N"),), PUBLIC, from_returns=False
        ),
        "episode_id",
    ),
    "returns that are said to be public": (
        lambda: Population(
            "funding", "Funding", "pounds", FUNDING.statistics, PUBLIC, from_returns=False
        ),
        "from_returns=False",
    ),
    "people whose returns are said to be public": (
        lambda: replace(STARTS, from_returns=False),
        "from_returns=False",
    ),
    "a stock that is not said to be": (lambda: replace(CASELOAD, stock=False), "stock=False"),
    "a flow that is said to be a stock": (lambda: replace(STARTS, stock=True), "stock=True"),
    "the register for returns": (lambda: replace(PLANS, policy=MONEY, from_returns=True), "plans"),
    "places under a policy for money": (
        lambda: replace(HEALTH_SETTINGS, policy=MONEY),
        "PPercent judges by the column contributor",
    ),
    "money under a pattern alone": (
        lambda: replace(FUNDING, policy=exact(ComplementarySuppression())),
        "would know funding_allocated of one or two too closely. Use rules that find amounts of",
    ),
    "money of which one may have nearly all": (
        lambda: replace(FUNDING, policy=exact(Dominance(k=99), ComplementarySuppression())),
        "such as PPercent of 10",
    ),
    "money of which one amount is judged": (
        lambda: replace(FUNDING, policy=exact(ONE_AMOUNT, ComplementarySuppression())),
        "would know funding_allocated of one or two too closely",
    ),
    "money by the number of providers": (
        lambda: replace(FUNDING, policy=exact(MinimumContributors(), ComplementarySuppression())),
        "such as PPercent of 10",
    ),
    **{
        f"money under {rule}": (
            lambda rule=rule: replace(FUNDING, policy=exact(rule, ComplementarySuppression())),
            "would know funding_allocated of one or two too closely. Use rules that find",
        )
        for rule in WEAK_RULES
    },
    "settings of which figures of two are shown": (
        lambda: replace(
            HEALTH_SETTINGS, policy=exact(MinimumContributors(2), ComplementarySuppression())
        ),
        "settings_embedded of one or two too closely. Use a rule for few contributors",
    ),
    **{
        f"settings under {noise}": (
            lambda noise=noise: replace(HEALTH_SETTINGS, policy=exact(noise)),
            "settings_embedded of one or two too closely. Use a rule for few contributors",
        )
        for noise in WEAK_NOISE
    },
    "settings under a pattern alone": (
        lambda: replace(HEALTH_SETTINGS, policy=exact(ComplementarySuppression())),
        "settings_embedded of one or two too closely. Use a rule for few contributors",
    ),
    "settings of which counts need not reach 10": (
        lambda: replace(
            HEALTH_SETTINGS,
            policy=exact(MinimumContributors(3, reach=9), ComplementarySuppression()),
        ),
        "Use a rule for few contributors, such as MinimumContributors of 3 with a reach of 10.",
    ),
    **{
        f"{host.relation} of which no range is proved": (
            lambda host=host, rule=rule: replace(host, policy=exact(rule, CALCULATED)),
            "a pattern with protect='exact': it proves that no withheld figure can be calculated, "
            "and not the range that rules for these ask. Say protect='interval'.",
        )
        for host, rule in ((HEALTH_SETTINGS, MinimumContributors()), (FUNDING, PPercent()))
    },
    "settings without singletons": (
        lambda: replace(HEALTH_SETTINGS, policy=exact(MinimumContributors(), KNOWN_TO_NOBODY)),
        "Say singletons=True",
    ),
    "a sum of those who stand behind": (
        lambda: replace(HEALTH_SETTINGS, statistics=(Statistic("staff", "Staff", "sum"),)),
        "the statistic staff is a column",
    ),
    "an amount of a year by quarter": (
        lambda: StatisticalTable(
            10,
            "odd_one",
            "Drawn 10",
            (Measure(FUNDING, "funding_allocated", "Allocated"),),
            (DELIVERY_AREA, BY_QUARTER),
        ),
        "funding_allocated by quarter",
    ),
    "a sum of no column": (
        lambda: replace(FUNDING, statistics=(Statistic("fundign", "Funding", "sum"),)),
        "funding_claimed",
    ),
    "a relation that the warehouse lacks": (
        lambda: check_relations(
            (Population("startz", "S", "areas", (Statistic("n", "N"),), MONEY),)
        ),
        "startz",
    ),
    "a population twice": (
        lambda: check_relations((STARTS, PLANS, STARTS)),
        "The population starts is listed twice. Each relation is counted and protected once",
    ),
    "a relation under two policies": (
        lambda: check_relations((STARTS, replace(STARTS, policy=MINE))),
        "The population starts is listed twice",
    ),
    "a code twice": (lambda: codes(None, "a", "a", names="abb"), "b"),
    "two roots": (lambda: codes(None, None, "a"), "a, b"),
    "a parent that is missing": (lambda: codes(None, "a", "d"), "c"),
    "an expectation twice": (
        lambda: Suite("all", "All", "area", (between("rate", 0, 1, "One."),) * 2),
        "rate",
    ),
    "a field of no version": (lambda: replace(FIELD, introduced="soon"), "minutes"),
    "a count of a whole year": (lambda: Statistic("n", "N", "count", is_yearly=True), "count"),
    "a refusal that can be waived": (
        lambda: Rule("late", 3, Severity.REJECT_ROW, "sex", "x.", "x.", is_waivable=True),
        "late",
    ),
    "a field twice": (lambda: Return("r", "R", "one row", (), (FIELD, FIELD)), "minutes"),
    "a form that nobody may send": (lambda: replace(PACK, template_version="9.9.9"), "9.9.9"),
    "a field of a form to come": (
        lambda: replace(PACK, participants=with_field(introduced="9.9.9", required=False)),
        "minutes",
    ),
    "a required field that older forms lack": (
        lambda: replace(
            PACK, participants=with_field(introduced="9.9.9"), **accepted("9.0.0", "9.9.9")
        ),
        "minutes",
    ),
    "an unknown column": (lambda: columns("strat_date"), "strat_date"),
    "an unknown relation": (lambda: relation("strats"), "strats"),
    "a key that is no column": (
        lambda: Relation("people", "fact", "One row.", columns("sex"), key=("episode_id",)),
        "episode_id",
    ),
    "a population with another policy": (
        lambda: check_populations(drawn(population=replace(STARTS, policy=MINE))),
        "starts",
    ),
    "two tables of one number": (lambda: check_set([drawn(), drawn(table_id="two")]), "two"),
    "a dimension in two ways": (
        lambda: check_set([drawn(), drawn(2, "two", by=replace(NATION, dimension=other_places()))]),
        "delivery_area",
    ),
    "a measure that means two things": (
        lambda: check_set(
            [drawn(), drawn(2, "two", population=replace(STARTS, relation="job_starts"))]
        ),
        "starts",
    ),
}


def other_places():
    return replace(NATION.dimension, title="Place")


CASES = {
    **HERE,
    **{
        f"{module.__name__.rpartition('.')[2]}: {name}": (make, "")
        for module in (test_dimension, test_measure, test_population, test_table)
        for name, (make, *_) in (module.REFUSED | getattr(module, "PRIVATE", {})).items()
    },
}


@cache
def sites():
    """Where declarations are refused: each file and line of a `raise`, and its last line."""
    return {
        (path, node.lineno): node.end_lineno
        for path in REFUSING
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise)
        if node.exc is not None and ast.unparse(node.exc).startswith(KINDS)
    }


def raised_at(fault):
    """The place in the code that refused first: an error that names the file follows it."""
    while fault.__context__ is not None and isinstance(fault.__context__, DeclarationError):
        fault = fault.__context__
    step = fault.__traceback__
    while step.tb_next is not None:
        step = step.tb_next
    return Path(step.tb_frame.f_code.co_filename), step.tb_lineno


def refused(make):
    """The refusal of a declaration: its message, and the `raise` in which it began."""
    with pytest.raises(DeclarationError) as caught:
        make()
    path, line = raised_at(caught.value)
    [site] = [s for s, last in sites().items() if s[0] == path and s[1] <= line <= last]
    return str(caught.value), site


@pytest.mark.parametrize(("make", "word"), CASES.values(), ids=CASES)
def test_a_refusal_names_the_file_and_the_word(make, word):
    message, _ = refused(make)
    assert SAID.match(message), message
    assert word in message.partition(": ")[2]


def test_every_refusal_is_made_once(tmp_path):
    """A `raise` that no case reaches is a message that nobody has read."""
    package = tmp_path / "drawn_tables"
    package.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        files = [
            lambda: tables_in(package, one="TABLE = NATION"),
            lambda: tables_in(package, one="TABLE = ("),
            lambda: tables_in(package, one="SEX = 1"),
        ]
        reached = {refused(make)[1] for make in [*files, *(make for make, _ in CASES.values())]}
    missed = {f"{path.relative_to(ROOT)}:{line}" for path, line in sites().keys() - reached}
    assert missed == set()


def test_a_refusal_of_returns_does_not_propose_to_call_them_public():
    message, _ = refused(lambda: replace(FUNDING, policy=PUBLIC))
    assert "from_returns" not in message
    drawn_from = {"relation": "drawn", "policy": PUBLIC, "statistics": (Statistic("n", "N"),)}
    message, _ = refused(lambda: replace(FUNDING, **drawn_from))
    assert message.endswith("where the figures are public facts, say from_returns=False.")
