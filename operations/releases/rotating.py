"""Put a new pseudonym key in the place of the one of a home.

Figures stay, but where two records of one person have the same area, date and number: their
pseudonyms decide which of them comes first, and that can be the other one afterwards.
"""

from __future__ import annotations

import os
import secrets

import polars as pl

from operations.errors import SettingsError
from operations.home.clock import now
from operations.home.fingerprints import data_in, fingerprint
from operations.home.keys import (
    PSEUDONYM_KEY,
    RECORD_KEY_SECRET,
    is_key_being_replaced,
    keys_of,
    next_key,
    replace_pseudonym_key,
    secret,
    variable,
)
from operations.home.kinds import database_kind
from operations.home.locks import Wait, holding, lock_in, patience
from operations.home.settings import Settings
from operations.releases.lost_store import check_store_can_be_made
from operations.releases.typed_words import Person
from operations.stores.databases import writing
from pipelines.returns import THEN, hashed_again
from pipelines.statistics.record_keys import keys_of_records
from pipelines.warehouse import kept_record_keys, rotate, under_key


def rotate_key(settings: Settings, by: Person) -> int:
    """Hash all pseudonyms again with a new key, and return how many there were.

    The new key is put behind those before it, so that the next returns of the same people find
    them. What was begun and not ended goes on. No build runs meanwhile. Raises `SettingsError`
    for a home without data, and for a key that is given from outside.
    """
    check(settings)
    with holding(lock_in(settings.home, "build"), Wait("the landing", patience("build"))):
        if not is_key_being_replaced(settings):
            former = secret(settings, PSEUDONYM_KEY)
            next_key(settings, former + THEN + secrets.token_hex(32).encode())
        key = next_key(settings, b"")
        number = (
            _bring_under(settings, key, by)
            if database_kind().is_there(settings.confidential)
            else 0
        )
        replace_pseudonym_key(settings, key, f"rotated by {by.name}, {by.role}")
    return number


def check(settings: Settings) -> None:
    """Refuse what cannot be rotated; raises as `rotate_key`."""
    if variable(PSEUDONYM_KEY) in os.environ:
        raise SettingsError(
            f"The pseudonym key is given as {variable(PSEUDONYM_KEY)}, where it cannot be "
            f"replaced. Put it into {settings.keys / PSEUDONYM_KEY}, unset "
            f"{variable(PSEUDONYM_KEY)}, rotate the key, and give what the file then holds."
        )
    check_store_can_be_made(settings)
    if not data_in(settings, PSEUDONYM_KEY):
        raise SettingsError(
            f"There is no data in {settings.home} that was made with a pseudonym key. Remove "
            f"{settings.keys / PSEUDONYM_KEY}, if it is there, and another is made."
        )


def _bring_under(settings: Settings, key: bytes, by: Person) -> int:
    """Hash the pseudonyms of the private store again; 0 where that was done before a stop."""
    mark, newest = fingerprint(PSEUDONYM_KEY, key), key.split(THEN)[-1]
    with writing(settings.confidential) as database:
        if under_key(database) == mark:
            return 0
        record_secret = keys_of(settings, (RECORD_KEY_SECRET,), rotating=True)[RECORD_KEY_SECRET]
        kept = kept_record_keys(database)

        def hashed(texts: pl.Series) -> pl.Series:
            return hashed_again(texts, newest)

        def keys(ids: pl.Series) -> pl.Series:
            return keys_of_records(ids, record_secret, kept)

        entry = {"fingerprint": mark, "rotated_at": now(settings), "name": by.name, "role": by.role}
        return rotate(database, hashed, keys, entry)
