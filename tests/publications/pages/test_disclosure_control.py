"""The disclosure-control report says what the reports and the attack say, and reveals no more."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from disclosure import ComplementarySuppression, Threshold
from publications.data.protection_record import bounds_in_words, proved
from publications.folder import render
from publications.gates.screener import GATES, screen
from publications.pages.disclosure_control import disclosure_control
from publications.policies import PEOPLE
from publications.populations import FUNDING, REFERRALS
from publications.release.model import Changes
from publications.wording.format import OF_REASONS, capital, status
from publications.words import words_in
from tests.publications.html_page import name_of, page
from tests.publications.release_sample import OUTCOME, with_reports

pytestmark = pytest.mark.slow

WORDS = words_in()


@pytest.fixture(scope="module")
def with_report():
    return with_reports()


@pytest.fixture(scope="module")
def written(with_report):
    return disclosure_control(with_report)


def document(files):
    return page(files["disclosure-control.html"])


def test_programs_read_what_the_reports_say(written, with_report):
    read = json.loads(written["disclosure-control.json"])
    for table, population in zip(
        sorted(with_report.protected, key=lambda t: t.name),
        sorted(read["populations"], key=lambda p: p["name"]),
        strict=True,
    ):
        said = bounds_in_words(population["title"], table.report, WORDS)
        report = table.report.as_dict() | {"attacker": said}
        assert {key: population[key] for key in report} == report
        assert tuple(m["record"] for m in population["methods"]) == table.methods
        assert all(m["record"]["method"] for m in population["methods"])
        assert population["fingerprint"] == table.fingerprint
    assert read["attack"]["cells"] == OUTCOME.cells
    assert read["attack"]["exposed"] == {}
    assert read["synthetic"].startswith("Synthetic data")


def test_people_read_the_same_numbers(written, with_report):
    (report,) = (table.report for table in with_report.protected if table.name == "funding")
    rows = document(written).xpath("//table[caption/@id='cost-caption']/tbody/tr")
    cells = {name_of(row[0]): [name_of(cell) for cell in row[1:]] for row in rows}
    sizes = (report.cells, report.shown, report.withheld, report.marked)
    assert cells["Grant allocated and claimed"] == [
        *map(str, sizes), f"{report.cost}%", f"{report.bound}%", str(report.gap), "Checked", "0",
    ]  # fmt: skip
    assert cells["Starts"][4:8] == [*["[z]"] * 3, "None needed"]
    reasons = document(written).xpath("//table[caption/@id='funding-caption']/tbody/tr")
    assert [[name_of(cell) for cell in row] for row in reasons] == [
        [capital(status(reason, WORDS, OF_REASONS)), str(count)]
        for reason, count in report.by_reason.items()
    ]
    assert report.by_reason["complementary suppression"]


def test_the_outcome_of_the_attack_is_stated(written):
    rows = document(written).xpath("//table[caption/@id='attack-caption']/tbody/tr")
    numbers = {name_of(row[0]): name_of(row[1]) for row in rows}
    assert numbers["Cells examined, those that sums imply included"] == "40,274"
    assert numbers["Facts exposed"] == "0"
    text = name_of(document(written))
    assert "these earlier releases: 2025-26 Q4 v2; 2025-26 Q4 v1." in text
    assert "as they were published: Money (2025-26 Q4 v1)." in text
    assert "The attack was not complete" in text
    assert "were not used: Starts (2025-26 Q4 v1)." in text


def test_a_first_release_and_a_complete_attack_are_stated(with_report):
    past = {"earlier": (), "earlier_figures": 0, "revised": (), "lost": ()}
    outcome = replace(OUTCOME, complete=True, **past)
    text = name_of(document(disclosure_control(replace(with_report, attack=outcome))))
    assert "The attack was complete" in text
    assert "No earlier release is on record as published" in text
    assert "contradict" not in text


SCHEDULED = Changes("2026-27 Q1 v1", 1_946, 312, 120, to_date_changed=400, to_date_few=90)
FURTHER = Changes("2026-27 Q2 v1", 60, 60, 0)
GONE = Changes("2025-26 Q4 v1", 10, 3, 0, not_held=("Starts",))


def test_what_changed_since_earlier_releases_is_stated_with_how_few_people_it_is_about(with_report):
    outcome = replace(OUTCOME, changes=(SCHEDULED, GONE))
    files = disclosure_control(replace(with_report, attack=outcome))
    text = name_of(document(files))
    assert (
        "Since 2026-27 Q1 v1, 312 of 1,946 figures about people in periods that were over by then "
        "have changed; fewer than 10 people stand behind 120 of these changes. Of the figures for "
        "periods under way, 400 have changed; fewer than 10 people stand behind 90 of these"
    ) in text
    assert "are not known any more, so these were not examined: starts." in text
    rows = document(files).xpath("//table[caption/@id='attack-caption']/tbody/tr")
    numbers = {name_of(row[0]): name_of(row[1]) for row in rows}
    assert numbers["Figures about people that changed since an earlier version"] == "315"
    assert numbers["Of these, changes with fewer than 10 people behind"] == "120"
    read = json.loads(files["disclosure-control.json"])["attack"]["changes"]
    assert [(one["since"], one["few"]) for one in read] == [
        ("2026-27 Q1 v1", 120), ("2025-26 Q4 v1", 0),
    ]  # fmt: skip


def test_a_further_version_states_what_it_changes(with_report):
    outcome = replace(OUTCOME, changes=(FURTHER,), is_unscheduled=True)
    text = name_of(document(disclosure_control(replace(with_report, attack=outcome))))
    assert (
        "Since 2026-27 Q2 v1, this version changes 60 figures about people; fewer than 10 people "
        "stand behind 0 of these changes."
    ) in text


def test_a_release_that_was_not_attacked_says_so(release):
    text = name_of(document(disclosure_control(release)))
    assert "No attack on this release was recorded" in text


def test_what_is_proved_is_said_and_the_vectors_are_not(written):
    read = {p["name"]: p for p in json.loads(written["disclosure-control.json"])["populations"]}
    assert read["funding"]["certificate"] == WORDS.say("protection.proved.bounds")
    assert read["starts"]["certificate"] == WORDS.say("protection.proved.nothing")
    assert not any("vectors" in str(population) for population in read.values())


def test_a_certificate_against_calculation_alone_says_that():
    pattern = ComplementarySuppression(protect="exact")
    policy = replace(PEOPLE, methods=(Threshold(minimum=5), pattern))
    exact = replace(REFERRALS, policy=policy)
    assert proved(exact, WORDS) == WORDS.say("protection.proved.exact")
    assert proved(FUNDING, WORDS) == WORDS.say("protection.proved.bounds")


def test_the_release_with_the_report_passes_every_gate_and_is_the_same_each_time(with_report):
    files = render(with_report)
    assert screen(with_report, files) == {name: [] for name in GATES}
    assert disclosure_control(with_report).items() <= files.items()
    assert render(with_report) == files


def test_the_methodology_links_to_the_report(files):
    links = page(files["methodology.html"]).xpath("//main//a/@href")
    assert "disclosure-control.html" in links
