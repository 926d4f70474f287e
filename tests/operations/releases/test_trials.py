"""A trial after a signed version: it says what it is, and the signed one stays in sight."""

from datetime import timedelta

import dagster as dg
import pytest

from assets.agenda import scheduled
from assets.build_runs import BuildRuns
from assets.show import statuses
from operations.desk.front import gather_front, gather_line
from operations.desk.outlook import Outlook
from operations.desk.pages import front_page, quarter_page
from operations.desk.rendering import Frame
from operations.desk.version import subject_of
from operations.errors import SignOffError
from operations.home.audiences import enter
from operations.home.settings import Settings
from operations.releases.publishing import publish, sign_off
from publications.release.calendar import release_at
from tests.assets.made_releases import QUARTER, asked, built

DUE = release_at(QUARTER)
TRIAL = "0123abc+changes"
WHEN = "by itself at 09:30 on 17 December 2026 where the sensor is on"


@pytest.fixture
def settings(tmp_path):
    """A home whose first version is signed off, and whose second is a trial."""
    made = Settings(home=tmp_path / "home", code_version="v")
    enter(made.home)
    sign_off(made, QUARTER, asked(built(made)))
    built(made, version=2, code=TRIAL)
    return made


def desk(settings):
    """The first page and the page of the quarter, as they are an hour before the release."""
    at = DUE - timedelta(hours=1)
    with dg.DagsterInstance.ephemeral() as held:
        going = frozenset((one.quarter, one.version) for one in scheduled(settings))
        outlook = Outlook(at, BuildRuns(held), (), going)
        line = gather_line(settings, QUARTER, outlook)
        pages = (
            front_page(Frame(at), gather_front(settings, outlook)),
            quarter_page(Frame(at), subject_of(line.version), line, line.version),
        )
        decisions = [one.what for one in gather_front(settings, outlook).decisions]
    return decisions, *(page.decode() for page in pages)


def test_the_status_says_that_it_is_a_trial_and_who_signed_the_version_before(settings):
    said = statuses(settings)
    assert f"2026-27 Q2  v2  trial of the code {TRIAL}, which cannot be signed off" in said
    assert f", while v1 is signed off by A Person, Head of Profession and goes out {WHEN};" in said


def test_publication_offers_the_signed_version_and_no_sign_off_of_a_trial(settings):
    with pytest.raises(SignOffError) as refused:
        publish(settings, QUARTER, DUE)
    said = str(refused.value)
    assert "v1 is, and is not public yet" in said
    assert "ctw publish 2026-27Q2 --version 1" in said
    assert "build it again with code that is known: it is a trial" in said
    assert "ctw sign-off" not in said


def test_the_desk_says_that_it_is_a_trial_and_asks_for_no_sign_off(settings):
    decisions, front, quarter = desk(settings)
    assert decisions == ["trial"]
    assert "A trial." in front
    assert "Version 1 is signed off and not public." in front
    assert "Trial: nobody can say which code made these files" in quarter
    assert "It goes out by itself at 9:30am on 17 December 2026 (London)" in quarter


def test_once_the_newest_version_is_signed_the_one_before_is_not_offered(settings):
    sign_off(settings, QUARTER, asked(built(settings, version=3)))
    said = statuses(settings)
    assert "v3  signed off by A Person" in said
    assert "while v1" not in said
    assert "Version 1 is signed off" not in desk(settings)[1]


def test_the_first_page_names_everybody_who_signed_off(settings):
    manifest = built(settings, version=3)
    sign_off(settings, QUARTER, asked(manifest))
    sign_off(settings, QUARTER, asked(manifest, name="B Person", role="Deputy"))
    assert "A Person, Head of Profession; B Person, Deputy" in desk(settings)[1]
