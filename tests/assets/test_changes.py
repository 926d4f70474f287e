"""What a version changes of what is public: between versions, quarters, and what is not held."""

import json
from datetime import UTC, datetime
from functools import cache

import dagster as dg
import polars as pl
import pytest

from assets.io import ProtectedStore
from disclosure import protect
from operations.errors import SignOffError
from operations.home.settings import settings
from operations.releases.changes import check_changes, examine, held_back, public_versions
from operations.releases.earlier import shown_by
from operations.releases.naming_errors import held_relations
from operations.releases.release_store import mark_published, write_version
from operations.stores.cells import attack_outcome
from operations.stores.databases import writing
from operations.stores.people_behind import held_people, keep_people, put_counted
from pipelines.database import schema_of
from pipelines.statistics.behind import people_counted
from pipelines.statistics.count import count
from publications.tables import TABLES, populations
from schemas.quarter import Quarter

FIRST, SECOND = Quarter(2025, 1), Quarter(2025, 2)
PUBLISHED = datetime(2025, 9, 18, 8, 30, tzinfo=UTC)
SECRET = b"a secret of at least 16 bytes"
OF_PEOPLE = [population for population in populations(TABLES) if population.people]
OPEN = pl.DataFrame(schema={"delivery_area": pl.String, "quarter": pl.String, "mark": pl.String})
NOBODY = pl.DataFrame(schema={"episode_id": pl.String, "person_id": pl.String})
CODES = {
    "delivery_area": ("CTW-EN18", "CTW-EN35", "CTW-WA01"),
    "sex": ("F", "M"),
    "age_band": ("18_24", "25_34"),
    "condition_primary": ("MH_COMMON", "SENSORY"),
    "disability_ea2010": ("Y", "N"),
    "referral_route": ("SELF", "JCP"),
    "model": ("IPS", "SEQF"),
    "journey_type": ("OUT_OF_WORK", "IN_WORK_RETENTION"),
}


def world(size, quarter=FIRST, start=0):
    """One row per person, with codes that follow from the person's number."""
    numbers = range(start, start + size)
    rows = {name: [codes[n % len(codes)] for n in numbers] for name, codes in CODES.items()}
    ids = [f"e{number}" for number in numbers]
    return pl.DataFrame({"episode_id": ids, "quarter": [quarter.id] * size, **rows})


@cache
def protected(quarter, population, people):
    """Count and protect, each world once for all tests: `people` as CSV."""
    rows = pl.read_csv(people.encode(), infer_schema=False)
    cells = count(population, TABLES, rows, OPEN, quarter, SECRET)
    return protect(cells, population.protection), cells.dimensions


def made(quarter, version, people, *, is_public=False, keeps_people=True):
    """Make a version as the build makes it, from its people to its manifest."""
    fingerprints = {}
    for population in OF_PEOPLE:
        table, dimensions = protected(quarter, population, people.write_csv())
        context = dg.build_output_context(
            asset_key=dg.AssetKey(["protected", population.relation]),
            partition_key=quarter.start.isoformat(),
        )
        ProtectedStore().handle_output(context, table)
        if keeps_people:
            who = people_counted(people, NOBODY, dimensions, SECRET)
            put_counted(quarter, population.relation, who)
            keep_people(quarter, population.relation, table.fingerprint)
        fingerprints[population.relation] = {"fingerprint": table.fingerprint}
    manifest = json.dumps({"populations": fingerprints}).encode()
    write_version(settings(), quarter, version, {"manifest.json": manifest})
    if is_public:
        mark_published(settings(), quarter, version, PUBLISHED)
    return shown_by(settings(), quarter, version)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    return tmp_path


def test_a_correction_of_one_person_is_found_and_refused(home):
    people = world(60)
    made(FIRST, 1, people, is_public=True)
    made(FIRST, 2, people[1:])
    examined = examine(shown_by(settings(), FIRST, 2), public_versions(settings()))
    (changes,) = examined.changes
    assert examined.is_unscheduled
    assert changes.changed == changes.few > 5
    assert len(examined.facts) == changes.few
    assert all("changed since 2025-26 Q1 v1" in fact for fact in examined.facts)
    with pytest.raises(SignOffError, match=rf"the change of {changes.few} figures, so readers"):
        check_changes(settings(), FIRST, 2)


def test_the_populations_that_hold_a_correction_back_are_those_of_the_last_build(home):
    people = world(60)
    made(FIRST, 1, people, is_public=True)
    assert held_relations(settings(), FIRST) == frozenset(), "the last build is public"
    made(FIRST, 2, people[1:])
    held = held_relations(settings(), FIRST)
    assert "starts" in held
    assert held <= {population.relation for population in OF_PEOPLE}
    made(FIRST, 2, pl.concat([people, people_alike(people)]))
    assert held_relations(settings(), FIRST) == frozenset(), "fifty people stand behind each change"


def people_alike(people):
    """Fifty people more, each with the codes of the first."""
    ids = [f"more{number}" for number in range(50)]
    return pl.concat([people[:1].with_columns(episode_id=pl.lit(one)) for one in ids])


def test_a_version_that_is_public_is_not_judged_again(home):
    people = world(60)
    made(FIRST, 1, people, is_public=True)
    made(FIRST, 2, people[1:])
    with pytest.raises(SignOffError):
        check_changes(settings(), FIRST, 2)
    mark_published(settings(), FIRST, 2, PUBLISHED)
    check_changes(settings(), FIRST, 2)


def test_the_same_tables_in_other_words_are_no_change(home):
    """A version that differs in its text alone is not held back."""
    people = world(60)
    made(FIRST, 1, people, is_public=True)
    same = made(FIRST, 2, people)
    examined = examine(same, public_versions(settings()))
    assert (examined.changes, examined.is_unscheduled) == ((), False)
    check_changes(settings(), FIRST, 2)


def test_a_scheduled_release_says_what_late_entries_tell_and_goes_on(home):
    """The next quarter brings new people, and one late entry of the quarter before."""
    made(FIRST, 1, world(60), is_public=True)
    late = pl.concat([world(61), world(70, SECOND, start=100)])
    version = made(SECOND, 1, late)
    examined = examine(version, public_versions(settings()))
    (changes,) = examined.changes
    assert not examined.is_unscheduled
    assert changes.since == "2025-26 Q1 v1"
    assert 0 < changes.changed == changes.few < changes.compared
    assert changes.to_date_changed > changes.to_date_few
    assert held_back(SECOND, examined.changes, is_unscheduled=False) == ""
    check_changes(settings(), SECOND, 1)


def test_a_new_quarter_without_late_entries_changes_no_finished_period(home):
    made(FIRST, 1, world(60), is_public=True)
    version = made(SECOND, 1, pl.concat([world(60), world(70, SECOND, start=100)]))
    (changes,) = examine(version, public_versions(settings())).changes
    assert (changes.changed, changes.few) == (0, 0)
    assert changes.compared > 0
    assert changes.is_clear


def test_of_a_correction_only_what_it_changes_is_judged_beside_other_quarters(home):
    """Late entries changed old figures at the release; a later correction does not repeat them."""
    made(FIRST, 1, world(60), is_public=True)
    late = pl.concat([world(61), world(70, SECOND, start=100)])
    made(SECOND, 1, late, is_public=True)
    more = world(1, SECOND, start=500).select(pl.all().repeat_by(50).explode())
    fifty = more.with_columns(episode_id=pl.format("more{}", pl.int_range(50)))
    version = made(SECOND, 2, pl.concat([late, fifty]))
    beside, before = examine(version, public_versions(settings())).changes
    assert beside.since == "2025-26 Q2 v1"
    assert (beside.changed > 0, beside.few) == (True, 0)
    assert before.since == "2025-26 Q1 v1"
    assert (before.changed, before.few) == (0, 0)
    check_changes(settings(), SECOND, 2)


def test_a_correction_of_an_old_quarter_is_compared_with_newer_releases_too(home):
    people = world(60)
    made(FIRST, 1, people, is_public=True)
    made(SECOND, 1, pl.concat([people, world(70, SECOND, start=100)]), is_public=True)
    version = made(FIRST, 2, people[1:])
    labels = {c.since: c.few for c in examine(version, public_versions(settings())).changes}
    assert labels.keys() == {"2025-26 Q2 v1", "2025-26 Q1 v1"}
    assert all(labels.values())
    again = shown_by(settings(), FIRST, 1)
    assert examine(again, public_versions(settings())).changes == ()


def test_where_it_is_not_held_who_was_counted_a_correction_is_held_back(home):
    people = world(60)
    made(FIRST, 1, people, is_public=True, keeps_people=False)
    made(FIRST, 2, people[1:])
    with pytest.raises(SignOffError, match=r"who stands behind figures of .*Starts.* is not held"):
        check_changes(settings(), FIRST, 2)


def test_where_it_is_not_held_what_was_published_a_correction_is_held_back(home):
    people = world(60)
    made(FIRST, 1, people)
    names = {population.relation: {"fingerprint": "0" * 64} for population in OF_PEOPLE}
    write_version(
        settings(), FIRST, 1, {"manifest.json": json.dumps({"populations": names}).encode()}
    )
    mark_published(settings(), FIRST, 1, PUBLISHED)
    made(FIRST, 2, people[1:])
    (changes,) = examine(shown_by(settings(), FIRST, 2), public_versions(settings())).changes
    assert set(changes.not_held) == {population.title for population in OF_PEOPLE}
    with pytest.raises(SignOffError, match="is not held"):
        check_changes(settings(), FIRST, 2)


def test_all_who_were_counted_to_the_same_figures_are_kept(home):
    one = pl.DataFrame({"record": [1], "person": [1], "sex": ["F"]})
    other = one.with_columns(record=2)
    for people in (one, other, one):
        put_counted(FIRST, "starts", people)
        keep_people(FIRST, "starts", "f" * 64)
    kept = held_people(FIRST, "starts", "f" * 64)
    assert len(kept) == 2
    assert {frame["record"].item() for frame in kept} == {1, 2}
    assert held_people(FIRST, "starts", "0" * 64) == ()


def test_an_outcome_of_before_changes_were_examined_can_still_be_read(home):
    words = {
        "complete": True, "figures": 1, "cells": 1, "rates": 0, "earlier": [],
        "earlier_figures": 0, "revised": [], "cover": 0, "exposed": {}, "lost": [],
    }  # fmt: skip
    with writing(settings().protected) as database:
        database.put_words(schema_of("protected", FIRST), "attack", words)
    assert attack_outcome(FIRST).changes == ()
