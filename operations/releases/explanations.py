"""Explanations of what a quarter lacks: given by a person, sealed, and shown by the next draft.

Each is about an open area without a return, a check of plausibility that did not pass, or figures
that were revised without a reason on record.
Readers find it on the quality page, so it is part of the files that are signed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import reference
from operations.errors import SignOffError, StoreError
from operations.home.identity import TYPED, Account
from operations.home.settings import Settings
from operations.releases.quarter_records import EXPLANATIONS
from operations.releases.release_store import folder_of
from operations.releases.typed_words import TypedText, checked_person, checked_text
from schemas.expectations import SUITES
from schemas.quarter import Quarter
from schemas.texts import counted

QUALITY = "quality.json"
REVISIONS = "revisions"
"""The short name of the revised figures of which no record says why."""
ABOUT_REVISIONS = "revised figures of which no record says why"


@dataclass(frozen=True)
class Explanation:
    """What somebody said about an area or a check, in words for the public.

    `about` is the code of a delivery area, the id of an expectation or `revisions`; `said_at` is
    ISO 8601 with offset. `account` and `known_by` are those of `Account`.
    """

    about: str
    text: TypedText
    name: TypedText
    role: TypedText
    said_at: str
    account: str = ""
    known_by: str = ""


@dataclass(frozen=True)
class By:
    """Who gives explanations, in which role, when, and from which account."""

    name: str
    role: str
    at: datetime
    account: Account = TYPED


@dataclass(frozen=True)
class Lack:
    """What a release lacks: an area's return, a check that passed, a reason. `about` names it."""

    about: str
    words: str
    explanation: str
    is_check: bool = False


def subjects(quarter: Quarter) -> dict[str, str]:
    """Return what can be explained: areas, public checks and revisions, by their short names."""
    areas = reference.delivery_areas(quarter.end)
    names = dict(areas.select("delivery_area_code", "delivery_area_name").rows())
    checks = {text: about for about, text in _checks().items()}
    return {**names, **checks, REVISIONS: ABOUT_REVISIONS}


def _checks() -> dict[str, str]:
    """Return the short names of the public checks by their descriptions."""
    return {e.description: e.id for suite in SUITES for e in suite.expectations if e.is_public}


def explain(
    settings: Settings,
    quarter: Quarter,
    given: Mapping[str, str],
    by: By,
) -> None:
    """Record explanations by what they are about; one that is given again replaces the one before.

    Raises as `given_explanations`, and records none then.
    """
    fresh = given_explanations(quarter, given, by)
    EXPLANATIONS.add(settings, quarter, [asdict(one) for one in fresh])


def given_explanations(quarter: Quarter, given: Mapping[str, str], by: By) -> list[Explanation]:
    """Return explanations, checked and not recorded yet.

    Raises `SignOffError` for a name or role, for a short name that is no area's and no public
    check's, and for a text that is blank, too long or could identify a participant.
    """
    person = checked_person(by.name, by.role)
    _check_subjects(quarter, given)
    return [
        Explanation(
            about,
            checked_text(f"explanation of {about}", text),
            person.name,
            person.role,
            by.at.isoformat(),
            by.account.name,
            by.account.known_by,
        )
        for about, text in given.items()
    ]


def _check_subjects(quarter: Quarter, given: Collection[str]) -> None:
    """Refuse short names of nothing that is explained; a confidential check is told apart."""
    unknown = [about for about in given if about not in subjects(quarter)]
    inside = [about for about in unknown if about in confidential_checks()]
    strange = len(unknown) - len(inside)
    said = [
        f"{about} is a confidential check: the quality page does not show it, so it needs no "
        f"explanation for the public. What was observed is in data_docs/{quarter.id}/index.html "
        "and on the desk's page of Data Docs."
        for about in inside
    ]
    if strange:
        said.append(
            f"{strange} of the {counted(len(given), 'short name', 'short names')} given "
            f"{'is' if strange == 1 else 'are'} no delivery area and no public check."
        )
    if said:
        wanted = f"What needs an explanation, with its short name: ctw explain {quarter.id}"
        raise SignOffError(" ".join([f"{quarter.label}:", *said, wanted]))


def confidential_checks() -> frozenset[str]:
    """Return the short names of the checks whose outcome no release shows."""
    every = (expectation for suite in SUITES for expectation in suite.expectations)
    return frozenset(one.id for one in every if not one.is_public)


def explanations(settings: Settings, quarter: Quarter) -> dict[str, Explanation]:
    """Return the explanation of each area and check that has one, by its short name.

    Raises `SignOffError` for a line that this home did not write.
    """
    return {one.about: one for one in every_explanation(settings, quarter)}


def every_explanation(settings: Settings, quarter: Quarter) -> list[Explanation]:
    """Return every explanation that was given, the first first; raises as `explanations`."""
    return EXPLANATIONS.read_as(settings, quarter, Explanation)


def lacking(settings: Settings, quarter: Quarter, version: int) -> list[Lack]:
    """List what a version lacks, with the explanation that its own files show ("" for none).

    Raises `StoreError` for a record of quality that is not as a build wrote it.
    """
    place = folder_of(settings, quarter, version) / QUALITY
    try:
        return _lacking(json.loads(place.read_bytes()) if place.is_file() else {})
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise StoreError(
            f"The file {QUALITY} of {quarter.label} v{version} cannot be read "
            f"({type(fault).__name__}), so it is not as a build wrote it. Put "
            f"releases/{quarter.id}/v{version} back from a backup, or build again: "
            f"ctw build {quarter.id}"
        ) from None


def _lacking(record: Mapping[str, Any]) -> list[Lack]:
    short = _checks()
    areas = [
        Lack(line["code"], f"{line['area']} ({line['status']})", line["explanation"])
        for line in record.get("missing", ())
    ]
    checks = [
        Lack(
            short.get(check["description"], check["description"]),
            f"check not passed: {check['description'].rstrip('.')}",
            check.get("explanation", ""),
            is_check=True,
        )
        for check in record.get("checks", ())
        if not check["passed"]
    ]
    return [*areas, *checks, *_revisions(record.get("revisions", {}))]


def _revisions(record: Mapping[str, Any]) -> Iterator[Lack]:
    """Give the revised figures without a reason as one lack, where there are any."""
    count = record.get("without_reason", 0)
    if count:
        yield Lack(REVISIONS, f"{count:,} {ABOUT_REVISIONS}", record["explanation"])


def unexplained(
    settings: Settings, quarter: Quarter, version: int
) -> tuple[list[Lack], list[Lack]]:
    """Return what sign-off refuses a version for: what nobody explained, and what was given since.

    The files do not explain either; those of the second list do once the quarter is built again.
    """
    open_ones = [one for one in lacking(settings, quarter, version) if not one.explanation]
    held = explanations(settings, quarter) if open_ones else {}
    return (
        [one for one in open_ones if one.about not in held],
        [one for one in open_ones if one.about in held],
    )


def check_explained(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise `SignOffError`, naming each, when the files do not explain all that they lack."""
    wanted, since = unexplained(settings, quarter, version)
    if not wanted and not since:
        return
    later = " (given since; this draft does not show it yet)"
    lines = [f"\n  {one.about}: {one.words}" for one in wanted]
    listed = "".join([*lines, *(f"\n  {one.about}: {one.words}{later}" for one in since)])
    first = wanted[0].about if wanted else ""
    todo = (
        f"Give one for each, in words for the public: ctw explain {quarter.id} --name NAME --role "
        f"ROLE --because '{first}=TEXT'. Then build"
        if first
        else "Build"
    )
    raise SignOffError(
        f"{quarter.label} v{version} shows readers no explanation of:{listed}\n{todo} again "
        f"(ctw build {quarter.id}), and sign off what you read then."
    )
