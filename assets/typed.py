"""What the command line refuses before a run begins.

Dagster keeps the form of every run, so a personal detail in a refused form would stay there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assets.runs import CORRECT, EXPLAIN, KNOWN_WRONG, PUBLISH, SIGN, TREAT, WAIVE
from assets.treat import missing_now
from operations.home.clock import now
from operations.home.settings import Settings
from operations.releases.choice import NamedVersion, chosen
from operations.releases.corrections import request
from operations.releases.explanations import By, given_explanations
from operations.releases.naming_errors import said_of
from operations.releases.publishing import check_asked
from operations.releases.release_records import SignOff
from operations.releases.treatments import proposed
from operations.releases.waivers import WaiverAsked
from operations.releases.waivers import proposed as accepted
from schemas.quarter import Quarter

Form = Mapping[str, Any]


def check_typed(settings: Settings, job: str, quarter: Quarter, form: Form) -> None:
    """Raise as the job would for what was typed into its form; jobs without such text pass."""
    if job in CHECKS:
        CHECKS[job](settings, quarter, form)


def _explanations(settings: Settings, quarter: Quarter, form: Form) -> None:
    given_explanations(quarter, form["because"], _by(settings, form))


def _treatment(settings: Settings, quarter: Quarter, form: Form) -> None:
    areas = missing_now(quarter)
    proposed(quarter, form["method"], areas, form["reason"], _by(settings, form))


def _waiver(settings: Settings, quarter: Quarter, form: Form) -> None:
    asked = WaiverAsked(form["rule"], form["area"], form["until"])
    accepted(settings, quarter, asked, form["reason"], _by(settings, form))


def _correction(settings: Settings, quarter: Quarter, form: Form) -> None:
    request(settings, quarter, form["severity"], form["reason"], _by(settings, form))


def _known_wrong(settings: Settings, quarter: Quarter, form: Form) -> None:
    said_of(settings, quarter, form["reason"], _by(settings, form))


def _sign_off(settings: Settings, quarter: Quarter, form: Form) -> None:
    words = {word: form[word] for word in ("name", "role", "note", "reason")}
    at = now(settings).isoformat()
    check_asked(settings, quarter, SignOff(**words, signed_at=at, manifest_sha256=form["manifest"]))


def _publication(settings: Settings, quarter: Quarter, form: Form) -> None:
    chosen(settings, quarter, NamedVersion(form["version"] or None, form["manifest"]))


def _by(settings: Settings, form: Form) -> By:
    return By(form["name"], form["role"], now(settings))


CHECKS: Mapping[str, Callable[[Settings, Quarter, Form], None]] = {
    EXPLAIN: _explanations,
    TREAT: _treatment,
    WAIVE: _waiver,
    CORRECT: _correction,
    KNOWN_WRONG: _known_wrong,
    SIGN: _sign_off,
    PUBLISH: _publication,
}
