"""What a release folder states beside its figures: returns, checks, gaps, attack, contact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from publications.gates.reading import Files, json_of, rows_of
from publications.release.model import (
    AttackOutcome,
    Contact,
    PlausibilityCheck,
    Quality,
    ReturnStatus,
    Treatment,
)
from publications.release.table import Gap
from publications.wording.naming import returns_path
from publications.words import Words
from schemas.quarter import Quarter

EMAIL = re.compile(rb'<a href="mailto:([^"@<>]+@[^"@<>]+)">')
BULLETIN, PROGRAMME = "index.html", "statistical-work-programme.json"
QUALITY, REPORT = "quality.json", "disclosure-control.json"
STATED = (PROGRAMME, QUALITY, REPORT)
"""The files beside the open data that state what a release is read back from."""


def quality_in(files: Files, quarter: Quarter, words: Words) -> Quality:
    """Read what became of every return, the checks of plausibility, and the gaps."""
    given = {
        line["code"]: line["explanation"] for line in json_of(files, QUALITY).get("missing", ())
    }
    returns = tuple(
        ReturnStatus(
            row["delivery_area_code"],
            words.english("areas", row["delivery_area"]),
            row["status"],
            given.get(row["delivery_area_code"], ""),
            row.get("return_used", ""),
        )
        for row in rows_of(files, returns_path(quarter))
    )
    return Quality(returns, _checks(files, words), gaps=gaps_in(files), treatment=_treatment(files))


def _treatment(files: Files) -> Treatment | None:
    """Read what was chosen to do about missing returns; an old record does not say."""
    chosen = json_of(files, QUALITY).get("treatment")
    if not chosen:
        return None
    return Treatment(**{one.name: chosen[one.name] for one in fields(Treatment)})


def _checks(files: Files, words: Words) -> tuple[PlausibilityCheck, ...]:
    """Read the checks, with their subjects and descriptions as they are declared."""
    checks = [check_fields(check) for check in json_of(files, QUALITY)["checks"]]
    declared = ("suite", "description")
    return tuple(
        PlausibilityCheck(**{**one, **{k: words.english("checks", one[k]) for k in declared}})
        for one in checks
    )


def check_fields(check: Mapping[str, Any]) -> dict[str, Any]:
    """Return the recorded fields of a check without its words; an old record may lack some."""
    return {one.name: check[one.name] for one in fields(PlausibilityCheck) if one.name in check}


def gaps_in(files: Files) -> tuple[Gap, ...]:
    """Read the parts that no return gave; an old record has no imputed ones."""
    return tuple(
        Gap(
            gap["population"],
            gap["statistic"],
            tuple(gap["part"].items()),
            gap.get("is_imputed", False),
        )
        for gap in json_of(files, QUALITY)["gaps"]
    )


def attack_in(files: Files) -> AttackOutcome | None:
    """Read the outcome of the attack on the release; None where none was made."""
    attack = json_of(files, REPORT)["attack"]
    return None if attack is None else AttackOutcome.from_dict(attack)


def contact_in(files: Files, quarter: Quarter, words: Words) -> Contact:
    """Read whom readers ask: organisation, team, and the address where one is given."""
    organisation = json_of(files, f"{returns_path(quarter)}-metadata.json")["dc:publisher"]
    contact = json_of(files, PROGRAMME)["contact"]
    whole = words.say("work_programme.contact", team="\0", organisation=organisation)
    before, _, after = whole.partition("\0")
    given = EMAIL.search(address_in(files))
    email = given[1].decode() if given else None
    return Contact(organisation, contact.removeprefix(before).removesuffix(after), email)


def address_in(files: Files) -> bytes:
    """Return the first link of the bulletin to an e-mail address; nothing without one."""
    given = EMAIL.search(files.get(BULLETIN, b""))
    return given[0] if given else b""
