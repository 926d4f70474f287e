"""The attack as an asset: a leak holds the release back, and its words stay with their owner."""

import stat
from dataclasses import replace

import dagster as dg
import polars as pl
import pytest

from assets import attack, publications
from assets.io import ConfidentialStore, EditionStore, FileStore, ProtectedStore
from disclosure.errors import CertificateError
from disclosure.protection.protect import protect_and_prove
from disclosure.tables.drawn import draw
from operations.errors import StoreError
from operations.home.clock import now
from operations.home.settings import settings
from operations.releases import protecting
from operations.releases.earlier import before, earlier, shown_by
from operations.releases.release_store import mark_published, write_version
from operations.stores.cells import attack_outcome
from operations.stores.certificates import keep, place, verify_kept
from publications.populations import FUNDING, HEALTH_SETTINGS
from publications.release.model import AttackOutcome, Changes, Quality
from publications.risk.attack import Attacked
from publications.risk.earlier import Earlier
from schemas.quarter import Quarter

BEFORE, QUARTER = Quarter(2026, 1), Quarter(2026, 2)
LEAK = "Starts: exact: a cell of the planted leak is 3"
STORES = {
    "confidential_store": ConfidentialStore(),
    "protected_store": ProtectedStore(),
    "file_store": FileStore(),
    "edition_store": EditionStore(),
}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    return tmp_path


def run(monkeypatch, facts):
    """Materialise the attack and what comes next, with an attack that finds these facts."""
    exposed = {"exact": len(facts)} if facts else {}
    outcome = AttackOutcome(True, 9, 12, 0, (), 0, (), 0, exposed, ("Beds (2026-27 Q1 v1)",))
    monkeypatch.setattr(attack, "tables_of", lambda quarter: ())
    monkeypatch.setattr(attack, "quality", lambda quarter: Quality((), ()))
    monkeypatch.setattr(attack, "attack", lambda everything: Attacked(outcome, facts))
    return dg.materialize(
        [attack.attacked, attack.nothing_is_exposed, publications.edition],
        partition_key=QUARTER.start.isoformat(),
        resources=STORES,
        raise_on_error=False,
    )


def made(result):
    return {event.asset_key for event in result.get_asset_materialization_events()}


def test_a_leak_holds_the_release_back(monkeypatch):
    result = run(monkeypatch, (LEAK,))
    assert not result.success
    assert publications.EDITION not in made(result)
    assert not result.get_asset_check_evaluations()[0].passed


def test_the_words_of_a_leak_are_for_their_owner_alone(monkeypatch):
    result = run(monkeypatch, (LEAK,))
    file = settings().attack(QUARTER)
    assert file.read_text() == LEAK + "\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "planted leak" not in str(result.all_events)


def test_a_release_that_withstands_goes_on_and_keeps_its_outcome(monkeypatch):
    result = run(monkeypatch, ())
    assert result.success
    assert made(result) == {attack.ATTACK, publications.EDITION}
    kept = attack_outcome(QUARTER)
    assert kept is not None
    assert (kept.figures, kept.complete, kept.exposed) == (9, True, {})
    assert kept.lost == ("Beds (2026-27 Q1 v1)",)
    assert settings().attack(QUARTER).read_text() == "Nothing is exposed.\n"


CLEAR = Changes("2026-27 Q1 v1", compared=9, changed=3, few=0)
TOO_FEW = Changes("2026-27 Q1 v1", compared=9, changed=3, few=2)
GONE = Changes("2026-27 Q1 v1", compared=9, changed=3, few=0, not_held=("Starts",))


@pytest.mark.parametrize(
    ("changes", "is_unscheduled", "passes", "goes_on"),
    [
        (CLEAR, True, True, True),
        (TOO_FEW, True, False, False),
        (GONE, True, False, False),
        (TOO_FEW, False, False, True),
        (GONE, False, False, True),
    ],
)
def test_changes_that_isolate_few_hold_back_a_further_version_and_warn_of_a_new_quarter(
    home, changes, is_unscheduled, passes, goes_on
):
    outcome = AttackOutcome(
        True, 9, 12, 0, (), 0, (), 0, {}, changes=(changes,), is_unscheduled=is_unscheduled
    )
    result = attack.verdict(QUARTER, outcome)
    assert result.passed == passes
    assert (result.passed or result.severity == dg.AssetCheckSeverity.WARN) == goes_on
    assert ("is held back" in result.description) == (not goes_on)


def test_no_attack_no_outcome(monkeypatch):
    run(monkeypatch, ())
    assert attack_outcome(BEFORE) is None


def test_everything_published_waits_for_the_attack():
    from assets.definitions import defs

    graph = defs.resolve_asset_graph()
    first = graph.get(publications.EDITION).parent_keys
    assert attack.ATTACK in first
    assert first - {attack.ATTACK} <= graph.get(attack.ATTACK).parent_keys | {
        dg.AssetKey(["protected", "quality"])
    }


TABLE = draw(
    "delivery_area value contributors\nAll 46 61\nE1 21 30\nE2 4 2\nW1 13 20\nE3 8 9",
    name="health_settings",
    delivery_area="All: E1 E2 W1 E3",
)


@pytest.fixture
def stored():
    """Cells of a population in both stores, with the certificate of their protection."""
    table, certificate = protect_and_prove(TABLE, HEALTH_SETTINGS.protection)
    for store, room, content in (
        (ConfidentialStore(), "statistics", TABLE),
        (ProtectedStore(), "protected", table),
    ):
        context = dg.build_output_context(
            asset_key=dg.AssetKey([room, "health_settings"]),
            partition_key=QUARTER.start.isoformat(),
        )
        store.handle_output(context, content)
    keep(QUARTER, "health_settings", certificate, table.fingerprint)
    return table, certificate


def test_a_kept_certificate_is_checked_again_from_the_stores(stored):
    file = place(settings(), QUARTER, "health_settings")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    verify_kept(QUARTER, HEALTH_SETTINGS)


def test_a_certificate_of_another_protection_proves_nothing(stored):
    keep(QUARTER, "health_settings", stored[1], "0" * 64)
    with pytest.raises(CertificateError, match="another protection"):
        verify_kept(QUARTER, HEALTH_SETTINGS)


def test_a_population_in_which_nothing_is_suppressed_keeps_no_certificate(stored):
    keep(QUARTER, "health_settings", None, "")
    with pytest.raises(StoreError, match="No certificate of health_settings"):
        verify_kept(QUARTER, HEALTH_SETTINGS)


def test_only_what_readers_have_counts_as_shown_before(stored, monkeypatch):
    table, _ = stored
    for version, mark in ((1, table.fingerprint), (2, "0" * 64)):
        words = f'{{"populations": {{"health_settings": {{"fingerprint": "{mark}"}}}}}}'
        write_version(settings(), QUARTER, version, {"manifest.json": words.encode()})
    assert shown_by(settings(), QUARTER, 1) == Earlier(QUARTER, (table,), 1)
    assert shown_by(settings(), QUARTER, 2) == Earlier(QUARTER, (), 2, ("health_settings",))
    assert earlier(QUARTER) == ()
    mark_published(settings(), QUARTER, 1, now(settings()))
    assert earlier(QUARTER.next) == (Earlier(QUARTER, (table,), 1),)
    assert earlier(QUARTER) == earlier(QUARTER.next)
    assert before(QUARTER) == (), "it is the version that is held"
    mark_published(settings(), QUARTER, 2, now(settings()))
    assert [e.version for e in earlier(QUARTER)] == [2, 1]
    assert [e.version for e in before(QUARTER)] == [2]
    assert protecting.known_before(QUARTER.next, TABLE, ()) is None
    known = protecting.known_before(QUARTER.next, TABLE, earlier(QUARTER.next))
    assert isinstance(known, pl.DataFrame)
    assert set(known["delivery_area"]) == {"All", "E1", "W1"}


def test_what_a_correction_replaced_is_still_attacked(stored):
    """The tables of v1 are kept when the quarter is built again, and the attack reads them."""
    table, _ = stored
    words = f'{{"populations": {{"health_settings": {{"fingerprint": "{table.fingerprint}"}}}}}}'
    write_version(settings(), QUARTER, 1, {"manifest.json": words.encode()})
    mark_published(settings(), QUARTER, 1, now(settings()))
    moved = draw(
        "delivery_area value contributors\nAll 61 61\nE1 21 30\nE2 4 2\nE3 23 9\nW1 13 20",
        name="health_settings",
        delivery_area="All: E1 E2 E3 W1",
    )
    corrected, _ = protect_and_prove(moved, HEALTH_SETTINGS.protection)
    context = dg.build_output_context(
        asset_key=dg.AssetKey(["protected", "health_settings"]),
        partition_key=QUARTER.start.isoformat(),
    )
    ProtectedStore().handle_output(context, corrected)
    assert before(QUARTER) == earlier(QUARTER) == (Earlier(QUARTER, (table,), 1),)
    ProtectedStore().handle_output(context, table)
    assert before(QUARTER) == (), "the correction was taken back"


def test_a_population_that_the_store_never_held_is_lost_too(stored):
    words = b'{"populations": {"retired": {"fingerprint": "0"}}}'
    write_version(settings(), QUARTER, 1, {"manifest.json": words})
    assert shown_by(settings(), QUARTER, 1).lost == ("retired",)


def test_a_correction_withholds_nothing_that_readers_have_as_cover(stored):
    """E3 covered E2 before; now W1 would, being listed last, but readers have it."""
    table, _ = stored
    own = (Earlier(QUARTER, (table,), 1),)
    again, _ = protecting.protected_beside(QUARTER, TABLE, HEALTH_SETTINGS, own)
    assert again == table
    moved = draw(
        "delivery_area value contributors\nAll 61 61\nE1 21 30\nE2 4 2\nE3 23 9\nW1 13 20",
        name="health_settings",
        delivery_area="All: E1 E2 E3 W1",
    )
    alone, _ = protecting.protected_beside(QUARTER, moved, HEALTH_SETTINGS, ())
    beside, _ = protecting.protected_beside(QUARTER, moved, HEALTH_SETTINGS, own)
    assert withheld(alone) == {"E2", "W1"}
    assert withheld(beside) == {"E2", "E3"}


def withheld(table):
    return set(table.cells.filter(status="c")["delivery_area"])


def claims(first, second, third, others):
    """Claims to date of one area by three firms, and of another one; with who made them."""
    firms = {"E1": (first, second, third), "W1": (others,) * 3}
    amounts = [(a, f"{a} {n}", x) for a, listed in firms.items() for n, x in enumerate(listed)]
    given = pl.DataFrame(amounts, schema=["delivery_area", "contributor", "amount"], orient="row")
    both = pl.concat([given, given.with_columns(delivery_area=pl.lit("All"))])
    own, top = sum(firms["E1"]), sorted(firms["E1"])[::-1]
    drawn = draw(
        "delivery_area quarter value contributors largest largest_other\n"
        f"All 2026-27 {own + 3 * others} 6 {others} {others}\n"
        f"E1 2026-27 {own} 3 {top[0]} {top[1]}\n"
        f"W1 2026-27 {3 * others} 3 {others} {others}",
        statistic="funding_claimed",
        name="funding",
        delivery_area="All: E1 W1",
    )
    named = both.with_columns(
        quarter=pl.lit("2026-27"),
        statistic=pl.lit("funding_claimed"),
        confidential=pl.lit(value=True),
    )
    return replace(drawn, contributions=named)


def test_what_a_firm_claimed_since_the_release_before_is_protected_and_attacked():
    """Of 93 more, the first firm has 90: each figure to date is safe, and the difference is not."""
    then, grown = claims(100, 100, 100, 900), claims(190, 102, 101, 1000)
    context = dg.build_output_context(
        asset_key=dg.AssetKey(["statistics", "funding"]), partition_key=BEFORE.start.isoformat()
    )
    ConfidentialStore().handle_output(context, then)
    before_it, _ = protect_and_prove(then, FUNDING.protection)
    past = (Earlier(BEFORE, (before_it,), 1),)
    alone, _ = protecting.protected_beside(QUARTER, grown, FUNDING, ())
    beside, _ = protecting.protected_beside(QUARTER, grown, FUNDING, past)
    assert withheld(alone) == set()
    assert "E1" in withheld(beside)
    now_held = dg.build_output_context(
        asset_key=dg.AssetKey(["statistics", "funding"]), partition_key=QUARTER.start.isoformat()
    )
    ConfidentialStore().handle_output(now_held, grown)
    facts = protecting.changes_shown(QUARTER, FUNDING, alone, past)
    assert len(facts) == 1
    assert "delivery_area=E1" in facts[0]
    assert protecting.changes_shown(QUARTER, FUNDING, beside, past) == []
    elsewhere = (Earlier(Quarter(2025, 4), (before_it,), 1),)
    assert protecting.changes_shown(QUARTER, FUNDING, alone, elsewhere) == [], "another year"
