"""Any method can protect a population: notes, pages, attack and verifier follow from it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace

import polars as pl
import pytest

import disclosure
from disclosure import (
    KEY_MODULUS,
    CellKey,
    CellKeyMagnitude,
    ComplementarySuppression,
    ControlledRound,
    Dominance,
    Exact,
    GroupDisclosure,
    Method,
    MinimumContributors,
    Phrase,
    PPercent,
    PriorPosterior,
    RandomRound,
    Round,
    Threshold,
    WithholdCertain,
    protect,
)
from pipelines.statistics.count import count
from publications.data.records import records
from publications.errors import WordingError
from publications.folder import render
from publications.gates.screener import screen, screen_files
from publications.pages.methodology import methodology
from publications.populations import FUNDING, HEALTH_SETTINGS, STARTS
from publications.risk.attack import attack, attack_one
from publications.risk.what_readers_have import PublishedSoFar, readings
from publications.views.layout import layouts
from publications.wording.protection import method_in_words, protection_notes, small_figures
from publications.words import words_in
from schemas.dimension import BY_QUARTER, DELIVERY_AREA, REGION, SEX
from schemas.policy import Policy
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable
from tests.publications.html_page import name_of, page
from tests.publications.release_sample import SECRET, sample
from tests.publications.sample_rows import availability, rows_of
from verification import verify
from verification.applied import KNOWN
from verification.methods import as_stated

pytestmark = pytest.mark.slow

QUARTER, WORDS = Quarter(2025, 4), words_in()
SUPPRESS = ComplementarySuppression()
CALCULATED = ComplementarySuppression(protect="exact")


CASES = {
    "CellKey": (STARTS, (CellKey(base=5),)),
    "CellKey then Round": (STARTS, (CellKey(base=5), Round(base=5))),
    "CellKey then coarser Round": (STARTS, (CellKey(base=5), Round(base=10), WithholdCertain())),
    "Round": (STARTS, (Round(base=5), WithholdCertain())),
    "RandomRound": (STARTS, (RandomRound(base=5), WithholdCertain())),
    "ControlledRound": (STARTS, (ControlledRound(base=5, further=1), WithholdCertain())),
    "GroupDisclosure": (STARTS, (CellKey(base=5), GroupDisclosure(("sex",)))),
    "WithholdCertain": (STARTS, (CellKey(base=5), WithholdCertain())),
    "Threshold": (STARTS, (Threshold(minimum=10), SUPPRESS)),
    "MinimumContributors": (HEALTH_SETTINGS, (MinimumContributors(minimum=3), SUPPRESS)),
    "PPercent": (FUNDING, (PPercent(p=10), SUPPRESS)),
    "PriorPosterior": (FUNDING, (PriorPosterior(p=10, q=90), SUPPRESS)),
    "Dominance": (FUNDING, (Dominance(n=1, k=20), SUPPRESS)),
    "ComplementarySuppression": (
        STARTS,
        (Threshold(minimum=10), replace(SUPPRESS, protect="exact")),
    ),
    "CellKeyMagnitude": (FUNDING, (CellKeyMagnitude(),)),
}
WITHHOLDING = (
    *("Threshold", "MinimumContributors", "PPercent", "PriorPosterior", "Dominance"),
    "ComplementarySuppression",
)


@dataclass(frozen=True)
class Trial:
    """A release of one table, of a population with other methods; and its true cells."""

    population: object
    release: object
    truth: pl.DataFrame

    @property
    def table(self):
        return self.release.protected[0]

    @property
    def shown(self):
        """One row per figure that is shown: statistic, value, and the true value behind it."""
        keys = [*self.table.dimensions, "statistic"]
        known = self.truth.select(*keys, true="value")
        return self.table.cells.filter(pl.col("status") == "").join(known, on=keys)


def keyed(cells):
    """Cells with a key each, where the relation has no units to make it of."""
    number = (pl.int_range(pl.len()) * 2_654_435_761) % KEY_MODULUS
    filled = cells.cells.with_columns(pl.col("cell_key").fill_null(number))
    return replace(cells, cells=filled)


def trial_of(host, methods):
    policy = Policy(
        "trial",
        methods,
        Phrase("people.because"),
        Phrase("public.users_lose"),
        minimum_denominator=30,
        minimum_behind_change=1,
    )
    population = replace(host, policy=policy)
    measures = tuple(
        Measure(population, s.name, s.title) for s in population.statistics if not s.is_yearly
    )
    by = (DELIVERY_AREA, BY_QUARTER) if host is not STARTS else (SEX, REGION, BY_QUARTER)
    table = StatisticalTable(1, "trial", "A trial", measures, by)
    rows, marks = rows_of(population, (table,), QUARTER), availability(QUARTER, frozenset())
    cells = keyed(count(population, (table,), rows, marks, QUARTER, SECRET))
    whole = sample(QUARTER.id)
    quality = replace(whole.quality, gaps=())
    made = {
        "declarations": (table,),
        "protected": (protect(cells, methods, of=whole.quarter.id),),
        "quality": quality,
    }
    return Trial(population, replace(whole, **made), cells.cells)


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return request.param


@pytest.fixture(scope="module")
def trial(case):
    return trial_of(*CASES[case])


def test_every_method_of_the_library_is_tried():
    found = [getattr(disclosure, name) for name in disclosure.__all__]
    methods = {m.__name__ for m in found if inspect.isclass(m) and Method in m.__mro__[1:]}
    assert methods == {type(m).__name__ for _, used in CASES.values() for m in used}


def test_the_true_value_is_within_what_the_methods_say(trial, case):
    for statistic, value, true in trial.shown.select("statistic", "value", "true").iter_rows():
        reading = trial.population.reading(statistic)
        low, high = reading.ends(value)
        assert low <= true <= high
        assert value % reading.base == 0
    exact = [trial.population.reading(s.name) == Exact() for s in trial.population.statistics]
    assert exact == [case in WITHHOLDING] * len(exact)
    assert case not in WITHHOLDING or trial.table.report.withheld


def test_notes_and_methodology_say_what_the_methods_do(trial):
    (layout,) = layouts(trial.release)
    notes = protection_notes(trial.population, WORDS)
    assert notes
    assert set(notes) <= set(layout.notes)
    text = name_of(page(methodology(trial.release)["methodology.html"]))
    for method in trial.population.protection:
        assert method_in_words(method, WORDS) in text
    sentence = small_figures(trial.population, WORDS)
    assert bool(sentence) == (trial.population.reading(layout.table.measures[0].id) != Exact())
    assert sentence in text
    assert all(sentence in note for note in notes[:1])


def test_the_attack_reads_what_the_methods_say(trial):
    """Figures that were changed and do not add up contradict each other where read as exact."""
    everything = PublishedSoFar(QUARTER, trial.release.declarations, trial.release.protected)
    stated = readings(trial.population)
    for statistic, value in trial.shown.select("statistic", "value").unique().iter_rows():
        assert stated[statistic].ends(value, "") == trial.population.reading(statistic).ends(value)
    found = attack_one(everything, trial.population).report
    assert found.complete
    assert attack(everything).outcome.complete
    widest = (found.high - found.low)[: trial.table.cells.height].max()
    assert widest > 0


def test_the_verifier_reads_the_same_from_the_manifest(trial, tmp_path):
    stated = records(trial.release)["populations"][trial.population.relation]["readings"]
    for statistic, value in trial.shown.select("statistic", "value").unique().iter_rows():
        ends = trial.population.reading(statistic).ends(value)
        assert as_stated(stated[statistic]).behind(value) == ends
    files = render(trial.release)
    assert not any(screen(trial.release, files).values())
    assert screen_files(files) == []
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert {type(method).__name__ for method in trial.population.policy.methods} <= set(KNOWN)
    assert [found.message for found in verify(tmp_path).findings] == []


@dataclass(frozen=True)
class Unheard(Round):
    """A method that nobody has put into words."""

    def words(self):
        return Phrase("unheard")


def test_a_method_without_words_is_refused_naming_the_file_and_the_word():
    with pytest.raises(WordingError, match="'unheard.does' of publications/words/en/methods"):
        method_in_words(Unheard(base=10), WORDS)
