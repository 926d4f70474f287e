"""Telling readers that figures are wrong which cannot change before the next scheduled release.

A correction is held back while too few people stand behind what it changes. Readers are then told
of which tables figures are wrong: all tables of the populations concerned, whatever they show them
by, so that the choice of tables does not say which characteristic of somebody was wrong.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from operations.errors import SignOffError, StoreError
from operations.home.locks import exclusive
from operations.home.settings import Settings
from operations.releases.changes import OF_PEOPLE, held_populations, public_versions
from operations.releases.corrections import newest_public
from operations.releases.explanations import By
from operations.releases.known_errors import KnownError, record
from operations.releases.register import check_clock
from operations.releases.release_records import publications
from operations.releases.release_store import folder_of, manifest_of
from operations.releases.site_store import lay_site, show
from operations.releases.typed_words import Person, TypedText, checked_person, checked_text
from operations.stores.cells import protected_tables
from publications.risk.earlier import Earlier
from schemas.quarter import Quarter


def name_errors(settings: Settings, quarter: Quarter, reason: str, by: By) -> KnownError:
    """Record which tables of the newest public version hold wrong figures, and show the notice.

    The tables follow from the last build of the quarter, which was held back. Raises
    `SignOffError`, and records nothing, when no build was held back, and for a reason, name or role
    that is blank, too long or could identify a participant.
    """
    person, text = said_of(settings, quarter, reason, by)
    with exclusive(settings.home / "registers" / ".publishing"):
        public = newest_public(settings, quarter)
        tables = _tables_of(
            folder_of(settings, quarter, public.version), held_relations(settings, quarter)
        )
        if not tables:
            raise SignOffError(
                f"No correction of {public.label} is held back, so none of its figures has to stay "
                f"wrong. Correct it: ctw correct {quarter.id} --reason TEXT --severity major|minor"
            )
        error = KnownError(
            *(public.version, public.manifest_sha256, tables, text, person.name, person.role),
            by.at.isoformat(),
            by.account.name,
            by.account.known_by,
        )
        check_clock(settings)
        record(settings, quarter, error)
        show(settings, lay_site(settings, publications(settings)))
    return error


def said_of(settings: Settings, quarter: Quarter, reason: str, by: By) -> tuple[Person, TypedText]:
    """Return who says that figures are wrong, and why, as checked; raises as `name_errors`."""
    newest_public(settings, quarter)
    return checked_person(by.name, by.role), checked_text("reason", reason)


def held_relations(settings: Settings, quarter: Quarter) -> frozenset[str]:
    """Return the populations, by relation, for which the last build of a quarter is held back."""
    try:
        built = protected_tables(quarter, [population.relation for population in OF_PEOPLE])
    except StoreError:
        return frozenset()
    held = held_populations(Earlier(quarter, built), public_versions(settings))
    return frozenset(population.relation for population in held)


def _tables_of(folder: Path, relations: Collection[str]) -> tuple[str, ...]:
    """Return the ids of the tables of a version that count one of these populations."""
    return tuple(
        table["id"]
        for table in manifest_of(folder).get("tables", ())
        if any(measure.get("population") in relations for measure in table["measures"])
    )
