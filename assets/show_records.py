"""What the command line shows of records: the register of releases, and what people decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from operations.home.settings import Settings
from operations.releases import register
from operations.releases.corrections import corrections
from operations.releases.explanations import every_explanation, explanations
from operations.releases.known_errors import known_errors
from operations.releases.quarter_records import KINDS
from operations.releases.treatments import choice, choices
from operations.releases.waivers import holding, waivers
from schemas.quarter import Quarter
from schemas.texts import counted


def recorded(settings: Settings) -> str:
    """List every record, a line each: the register of releases, then decisions of each quarter.

    Both are in the order of time.
    """
    lines = [
        f"{words['number']}  {words['recorded_at']}  {words['act']} of "
        f"{Quarter.parse(words['quarter']).label} v{words['version']}"
        f"{_by(words)}; manifest {words['manifest_sha256'][:16]}{_rehearsal(words)}"
        for words in register.read(settings)
    ]
    for quarter in quarters_decided(settings):
        by_time = sorted(_decisions(settings, quarter), key=_when)
        lines += [f"{at}  {words}" for at, words in by_time]
    return "\n".join(lines) or "Nothing was decided, signed off or published yet."


def quarters_decided(settings: Settings) -> list[Quarter]:
    """List the quarters about which somebody decided something, oldest first."""
    return sorted({quarter for kind in KINDS for quarter in kind.quarters(settings)})


def decided(settings: Settings, quarter: Quarter) -> str:
    """Say in one line what people decided about a quarter so far; "" for nothing."""
    treatment, asked = choice(settings, quarter), corrections(settings, quarter)
    given, wrong = len(explanations(settings, quarter)), known_errors(settings, quarter)
    accepted = len(holding(settings, quarter))
    parts = [
        f"missing returns of {_areas(treatment.areas)}: {_method(treatment.method)}, chosen by "
        f"{treatment.name}"
        if treatment
        else "",
        f"{counted(len(asked), 'correction', 'corrections')} asked for, the last one "
        f"{asked[-1].severity}, of v{asked[-1].replaces}"
        if asked
        else "",
        f"v{wrong[-1].version} has wrong figures in one or more of {', '.join(wrong[-1].tables)}"
        if wrong
        else "",
        f"{counted(given, 'explanation', 'explanations')} given" if given else "",
        f"questions accepted: {counted(accepted, 'rule to an area', 'rules to areas')}"
        if accepted
        else "",
    ]
    return "; ".join(filter(None, parts))


def _decisions(settings: Settings, quarter: Quarter) -> Iterator[tuple[str, str]]:
    """Give every decision about a quarter: its time, and a line about it."""
    for asked in corrections(settings, quarter):
        yield (
            asked.asked_at,
            f"correction of {quarter.label} v{asked.replaces}, {asked.severity}, asked for by "
            f"{asked.name}, {asked.role}: {asked.reason}",
        )
    for error in known_errors(settings, quarter):
        yield (
            error.said_at,
            f"known wrong in {quarter.label} v{error.version}: {', '.join(error.tables)}; said by "
            f"{error.name}, {error.role}: {error.reason}",
        )
    for chosen in choices(settings, quarter):
        yield (
            chosen.chosen_at,
            f"treatment of missing returns of {quarter.label}: {_method(chosen.method)} for "
            f"{_areas(chosen.areas)}, chosen by {chosen.name}, {chosen.role}: {chosen.reason}",
        )
    for one in waivers(settings, quarter):
        what = f"waiver of {_findings(one.found)} of {one.rule} to {one.area}"
        if one.accepted.until < quarter:
            what = f"end of the waiver of {one.rule} to {one.area}"
        yield (
            one.accepted_at,
            f"{what}, given for {quarter.label} until {one.accepted.until.label} by {one.name}, "
            f"{one.role}: {one.reason}",
        )
    for said in every_explanation(settings, quarter):
        yield (
            said.said_at,
            f"explanation of {said.about} for {quarter.label}, given by {said.name}, "
            f"{said.role}: {said.text}",
        )


def _when(decision: tuple[str, str]) -> tuple[datetime, str]:
    """Return the instant of a decision, whatever its offset from UTC, and its words."""
    at, words = decision
    return datetime.fromisoformat(at), words


def _findings(number: int) -> str:
    return counted(number, "finding", "findings")


def _method(method: str) -> str:
    return method.replace("_", " ")


def _areas(areas: tuple[str, ...]) -> str:
    return ", ".join(areas)


def _rehearsal(words: register.Words) -> str:
    if not words.get("rehearsal"):
        return ""
    at = f" at {words['published_at']}" if "published_at" in words else ""
    return f" (a rehearsal{at})"


def _by(words: register.Words) -> str:
    by = f" by {words['name']}, {words['role']}" if "name" in words else ""
    return f"{by}, taken over by {words['adopted_by']}" if "adopted_by" in words else by
