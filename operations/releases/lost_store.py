"""Whether a private store that is not there can be made anew from the return packs."""

from __future__ import annotations

from operations.errors import StoreError
from operations.home.keys import PSEUDONYM_KEY, keys_of
from operations.home.kinds import database_kind
from operations.home.settings import Settings
from operations.landing.receipts import purged
from operations.releases.traces import quarters
from pipelines.returns import THEN


def check_store_can_be_made(settings: Settings) -> None:
    """Raise `StoreError` where packs alone would give other figures than were built before.

    The private store has the record keys of people who were counted before the pseudonym key was
    rotated, and the rows of packs that were purged. Without it the same people would be published
    with other noise, or not at all.
    """
    place = settings.confidential
    if database_kind().is_there(place) or not quarters(settings):
        return
    key = keys_of(settings, (PSEUDONYM_KEY,), rotating=True)[PSEUDONYM_KEY]
    reasons = [
        *(["the pseudonym key was rotated"] if THEN in key else []),
        *(["packs were purged"] if purged(settings.received) else []),
    ]
    if reasons:
        raise StoreError(
            f"{place} is missing, and quarters were built here with it. Since "
            f"{' and '.join(reasons)}, the return packs in landing/received do not come to the "
            "same figures again, so nothing was done. Put the home back from a backup "
            "(ctw restore)."
        )
