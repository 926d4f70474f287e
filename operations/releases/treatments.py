"""The treatment of missing returns that the Head of Profession chose for a quarter: sealed records.

A choice names the areas that it is about. The build uses the newest one, and only while no other
area is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

import reference
from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.explanations import By
from operations.releases.quarter_records import TREATMENTS as RECORDS
from operations.releases.typed_words import TypedText, checked_person, checked_text
from schemas.coverage import DECIDES, TREATMENTS
from schemas.quarter import Quarter


@dataclass(frozen=True)
class TreatmentChoice:
    """What somebody chose to do about the missing returns of some areas, and why.

    `method` is one of `TREATMENTS`, `areas` are codes; `chosen_at` is ISO 8601 with offset.
    `account` and `known_by` are those of `Account`.
    """

    method: str
    areas: tuple[str, ...]
    reason: TypedText
    name: TypedText
    role: TypedText
    chosen_at: str
    account: str = ""
    known_by: str = ""

    def covers(self, areas: Collection[str]) -> bool:
        """Whether it was made for all of these areas."""
        return set(areas) <= set(self.areas)


def choose(
    settings: Settings,
    quarter: Quarter,
    method: str,
    areas: Sequence[str],
    reason: str,
    by: By,
) -> TreatmentChoice:
    """Record how the missing returns of these areas are treated; the newest choice counts.

    Raises as `proposed`, and records nothing then.
    """
    made = proposed(quarter, method, areas, reason, by)
    RECORDS.add(settings, quarter, [asdict(made)])
    return made


def proposed(
    quarter: Quarter, method: str, areas: Sequence[str], reason: str, by: By
) -> TreatmentChoice:
    """Return a choice, checked and not recorded yet.

    Raises `SignOffError` for a role that does not decide this, for another method, for a reason
    that is blank, too long or could identify a participant, and then for other areas or none.
    """
    person = checked_person(by.name, by.role)
    if person.role.casefold() != DECIDES.casefold():
        raise SignOffError(
            f"The {DECIDES} chooses how missing returns are treated, and the role given is "
            f"another. Ask them, and give their name with the role {DECIDES}."
        )
    if method not in TREATMENTS:
        raise SignOffError(
            f"There is no such treatment. Choose {', '.join(TREATMENTS[:-1])} or {TREATMENTS[-1]}."
        )
    text = checked_text("reason", reason)
    _check_areas(quarter, areas)
    return TreatmentChoice(
        method,
        tuple(sorted(set(areas))),
        text,
        person.name,
        TypedText(DECIDES, "role"),
        by.at.isoformat(),
        by.account.name,
        by.account.known_by,
    )


def _check_areas(quarter: Quarter, areas: Sequence[str]) -> None:
    known = set(reference.delivery_areas(quarter.end)["delivery_area_code"])
    if not areas:
        raise SignOffError(
            f"No open area was missing when {quarter.label} was last judged, so there is nothing "
            f"to treat. If a return was withdrawn since, build first: ctw build {quarter.id}"
        )
    if not set(areas) <= known:
        raise SignOffError(
            f"A treatment is for delivery areas of {quarter.label} by their codes, such as "
            f"CTW-EN01, and {len(set(areas) - known)} of the {len(areas)} given are not. The "
            "check coverage names those that are missing."
        )


def choice(settings: Settings, quarter: Quarter) -> TreatmentChoice | None:
    """Return the newest choice for a quarter; None where nobody has made one.

    Raises `SignOffError` for a line that this home did not write.
    """
    held = choices(settings, quarter)
    return held[-1] if held else None


def choices(settings: Settings, quarter: Quarter) -> list[TreatmentChoice]:
    """Return every choice for a quarter, the first first; raises as `choice`."""
    return RECORDS.read_as(settings, quarter, TreatmentChoice)
