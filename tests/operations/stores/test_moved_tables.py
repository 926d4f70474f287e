"""A protected table that somebody moved within the store is refused, never published as another."""

import dagster as dg
import pytest

from assets.io import ProtectedStore
from disclosure import Round, protect
from disclosure.errors import SealError
from disclosure.tables.drawn import draw
from operations.home.settings import settings
from operations.stores.cells import held_tables, kept_name, protected_table, protected_tables
from operations.stores.databases import writing
from pipelines.database import schema_of
from schemas.quarter import Quarter

THEN, NOW = Quarter(2025, 3), Quarter(2025, 4)


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A store that holds the beds of one quarter."""
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    table = protect(draw("area value\nA 7\nB 4", name="beds"), [Round(5)], of=THEN.id)
    context = dg.build_output_context(
        asset_key=dg.AssetKey(["protected", "beds"]), partition_key=THEN.start.isoformat()
    )
    ProtectedStore().handle_output(context, table)
    return table


def copy(name, quarter, other, lacking=()):
    """Copy the beds to another place of the store, without the words that are `lacking`."""
    with writing(settings().protected) as database:
        cells = database.get(schema_of("protected", THEN), name)
        words = database.get_words(schema_of("protected", THEN), name)
        database.put(schema_of("protected", quarter), other, cells)
        kept = {key: value for key, value in words.items() if key not in lacking}
        database.put_words(schema_of("protected", quarter), other, kept)


def test_a_table_is_read_where_it_was_written_as_it_is_and_as_it_was(stored):
    for mark in (None, stored.fingerprint):
        found = protected_table(THEN, "beds", mark)
        assert (found, found.of) == (stored, THEN.id)


def test_a_table_that_was_copied_into_another_quarter_is_refused_with_what_to_do(stored):
    copy("beds", NOW, "beds")
    message = r"holds beds of 2025-26Q3 .* in the place of beds of 2025-26Q4.*ctw build 2025-26Q4"
    with pytest.raises(SealError, match=message):
        protected_tables(NOW, ["beds"])
    with pytest.raises(SealError, match=message):
        held_tables(NOW, {"beds": None})


def test_a_table_that_was_copied_to_another_name_or_fingerprint_is_refused(stored):
    copy("beds", THEN, "rooms")
    with pytest.raises(SealError, match="in the place of rooms"):
        protected_table(THEN, "rooms")
    copy("beds", THEN, kept_name("beds", "0" * 64))
    with pytest.raises(SealError, match="in the place of beds__0000"):
        held_tables(THEN, {"beds": "0" * 64})


def test_a_table_of_an_earlier_version_is_read_though_it_names_no_quarter(stored):
    copy("beds", THEN, "beds", lacking=("of", "bond"))
    found = protected_table(THEN, "beds")
    assert (found, found.of) == (stored, "")
