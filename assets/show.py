"""What the command line shows: progress while it works, a summary when it has."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assets.agenda import goes_at
from assets.runs import looking
from assets.show_explanations import checks_in_words, to_explain
from assets.show_records import decided, quarters_decided
from operations.errors import BusyError, OperationError
from operations.home.clock import LONDON, now
from operations.home.code import is_known
from operations.home.locks import waiting_together
from operations.home.settings import Settings
from operations.landing.answers import reported_in
from operations.landing.receipt_list import unread_lists
from operations.landing.receipts import landed
from operations.landing.receive import lying_in
from operations.progress import listening
from operations.releases.approvals import TIME
from operations.releases.changes import held_back
from operations.releases.choice import drafts_after, waiting
from operations.releases.publishing import (
    check_latest,
    check_signed,
    every_published,
    in_words,
    lateness,
)
from operations.releases.release_records import publication
from operations.releases.release_store import (
    code_of,
    folder_of,
    latest,
    manifest_hash,
    published_at,
    release_time,
    sign_offs,
)
from operations.releases.run_records import run_of
from operations.releases.traces import check_records, quarters, unknown_folders
from operations.stores.cells import attack_outcome, protected_tables, quality
from operations.stores.returns import (
    known_submissions,
    packs_by_status,
    packs_of_run,
    questions_in_words,
)
from publications.release.calendar import release_at
from publications.release.model import Quality
from publications.tables import TABLES, populations
from publications.wording.format import moment
from publications.words import words_in
from schemas.quarter import Quarter
from schemas.returns.statuses import Status
from schemas.texts import counted

FIGURES = "figures.json"
QUERIED = (Status.QUERIED, Status.PARTIAL)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show each step of long work on the error stream: bars with their time, or plain lines.

    Plain lines are for a pipe, a file and `NO_COLOR`: one when a step begins.
    """
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal or os.environ.get("NO_COLOR"):
        with listening(_lines(console)):
            yield _lines(console)
        return
    columns = (
        TextColumn("{task.description:<40}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bar:
        steps: dict[str, int] = {}

        def report(step: str, done: int = 0, total: int = 0) -> None:
            if step not in steps:
                for earlier in steps.values():
                    _finish(bar, earlier)
                steps[step] = int(bar.add_task(step, total=total or None))
            bar.update(steps[step], completed=done, total=total or None)  # type: ignore[arg-type]

        with listening(report):
            yield report
        for task in steps.values():
            _finish(bar, task)


def _lines(console: Console) -> Callable[[str, int, int], None]:
    """Return what writes one plain line when a step begins."""
    begun: set[str] = set()

    def report(step: str, done: int = 0, total: int = 0) -> None:
        del done, total
        if step not in begun:
            begun.add(step)
            console.print(step, markup=False, highlight=False)

    return report


def _finish(bar: Progress, task: int) -> None:
    total = next((t.total for t in bar.tasks if t.id == task), None) or 1
    bar.update(task, total=total, completed=total)  # type: ignore[arg-type]


def summary(settings: Settings, quarter: Quarter) -> str:
    """Say where the release is, what became of the returns, what was withheld, what is next."""
    version = latest(settings, quarter)
    packs = packs_by_status(settings, quarter)
    facts = quality(quarter)
    folder = folder_of(settings, quarter, version)
    state = "signed off" if sign_offs(settings, quarter, version) else _draft(folder)
    planned = moment(release_at(quarter), words_in())
    lines = [
        *_rehearsed(settings),
        "",
        f"Release    {folder}",
        f"To read    {settings.home / 'drafts' / quarter.id / f'v{version}' / 'index.html'}",
        f"State      {state}, version {version}; release at {planned}",
        *waiting_line(settings, quarter, version),
        f"Manifest   {manifest_hash(folder)[:16]}",
        f"Returns    {_returns(packs)}; not received: {facts.count('not received')}",
        f"Questions  {questions_in_words(settings, quarter)}",
        f"Missing    {_missing(facts)}",
        f"Withheld   {_withheld(quarter)}",
        f"Sentences  {_sentences(folder)}",
        f"Checks     {checks_in_words(settings, quarter)}",
        *to_explain(settings, quarter, version),
    ]
    if facts.synthetic:
        lines.append("Synthetic  every figure is made from generated returns")
    return "\n".join([*lines, "Open the UI with: make ui", ""])


def _draft(folder: Path) -> str:
    """Say that a version is a draft, or a trial that cannot become more."""
    code = code_of(folder)
    trial = f"trial of the code {code}, which cannot be signed off"
    return "draft" if is_known(code) else trial


def waiting_line(settings: Settings, quarter: Quarter, version: int) -> list[str]:
    """Say which earlier version is signed off and not public; no line for none."""
    before = waiting(settings, quarter, version)
    if before is None:
        return []
    who = signers(settings, quarter, before)
    at = goes_at(settings, quarter, before)
    way = f"ctw publish {quarter.id} --version {before}"
    if at:
        way = (
            f"it goes out by itself at {at:{TIME}}, where the sensor time_of_release is on. To "
            f"keep it back, sign off v{version} before"
        )
    return [f"Signed     v{before}, by {who}; it is not public yet: {way}"]


def _returns(packs: Mapping[str, int]) -> str:
    """Say how many packs there are, and in which state; `packs` has their number by status."""
    queried = sum(packs.get(status, 0) for status in QUERIED)
    received = counted(sum(packs.values()), "pack", "packs")
    return (
        f"{received} received: {packs.get('accepted', 0)} accepted, "
        f"{queried} queried, {packs.get('rejected', 0)} rejected"
    )


def _built_from(settings: Settings, quarter: Quarter, version: int) -> str:
    """Say which packs a version was built from, and how many were judged since."""
    run, known = run_of(settings, quarter, version), packs_by_status(settings, quarter)
    packs = packs_of_run(settings, run.run_id) if run else None
    if packs is None:
        return f"{_returns(known)} by now; from which of them it was built is not recorded"
    since = sum(known.values()) - sum(packs.values())
    if not since:
        return _returns(packs)
    words = f"built from {_returns(packs)}; {since} more came since, which are not in it"
    if _is_held_back(quarter):
        return (
            f"{words}: the last build with them was held back, as it would reveal whose data "
            "changed; they wait for the next scheduled release"
        )
    return f"{words}: ctw build {quarter.id}"


def _is_held_back(quarter: Quarter) -> bool:
    """Whether the last attack on a further version of a quarter that is public held it back."""
    outcome = attack_outcome(quarter)
    if outcome is None:
        return False
    return bool(held_back(quarter, outcome.changes, is_unscheduled=outcome.is_unscheduled))


def _sentences(folder: Path) -> str:
    """Say how many sentences of the commentary were shortened or left out for lack of a figure."""
    entries = json.loads((folder / FIGURES).read_bytes())["left_out"]
    replaced = sum(entry["replaced"] for entry in entries)
    words = f"{replaced} say less, {len(entries) - replaced} left out, as a figure is not there"
    return f"{words}; {FIGURES} lists them" if entries else "every sentence is there"


def _missing(facts: Quality) -> str:
    """Name the areas whose return of the quarter does not count."""
    names = [
        f"{area.delivery_area_name} ({area.status})"
        for area in facts.returns
        if area.status in {"not received", "rejected"}
    ]
    return ", ".join(names) or "no area that is open"


def _withheld(quarter: Quarter) -> str:
    tables = protected_tables(quarter, [p.relation for p in populations(TABLES)])
    counts = [
        f"{table.report.withheld} of {table.report.cells} {table.name} cells"
        for table in tables
        if table.report.withheld
    ]
    return ", ".join(counts) or "no cell"


def statuses(settings: Settings, stopped: Mapping[Quarter, str] | None = None) -> str:
    """List the quarters with a version or a decision, and what is true of the newest version.

    What is wrong with one quarter is said in its line, and what lies there beside quarters in a
    line of its own. `stopped` says of quarters why their last build made no version.
    """
    stopped = stopped or {}
    with looking(settings), waiting_together("store"):
        came = _came(settings)
        known = sorted({*quarters(settings), *quarters_decided(settings), *stopped})
        lines = [_line(settings, quarter, stopped.get(quarter, "")) for quarter in known]
    lines += [
        f"releases/{name} is not the folder of a quarter; it is left alone."
        for name in unknown_folders(settings)
    ]
    if not lines:
        lines = [
            f"No version of a release was written yet in {settings.home}. Build one: ctw build "
            "QUARTER. To try the system with synthetic returns: make release"
        ]
    return "\n".join([*_rehearsed(settings), *came, *unread_lists(settings.incoming), *lines])


def _came(settings: Settings) -> list[str]:
    """Say how much came and was answered, and how much waits to be received; no line for none."""
    receipts = len(list(landed(settings.received)))
    waiting = lying_in(settings.incoming)
    lies = f"{waiting:,} {'lies' if waiting == 1 else 'lie'} in {settings.incoming}, not received"
    dropped = [f"Dropped    {lies} yet: the next build receives what is of its quarter"]
    if not receipts:
        return dropped if waiting else []
    listed = counted(receipts, "receipt", "receipts")
    try:
        known = known_submissions(settings)
    except BusyError as fault:
        in_use = f"Landing    {listed}; more is not known now. {fault}"
        return [in_use, *(dropped if waiting else [])]
    waits = known["status"].to_list().count("pending")
    return [
        f"Landing    {listed}, {counted(known.height, 'submission', 'submissions')} on record, of "
        f"which {waits} {'waits' if waits == 1 else 'wait'} for their quarter, "
        f"{counted(len(reported_in(settings.reports)), 'report', 'reports')}",
        *(dropped if waiting else []),
    ]


def _rehearsed(settings: Settings) -> list[str]:
    """Say in one line that this is a rehearsal, and for when; no line in an everyday home."""
    if not settings.is_rehearsal:
        return []
    taken = moment(now(settings), words_in())
    return [f"Rehearsal  it is taken to be {taken}; nothing here is published"]


def _line(settings: Settings, quarter: Quarter, stopped: str) -> str:
    try:
        state = _state(settings, quarter)
    except OperationError as fault:
        state = f"{quarter.label}  {fault}"
    return "\n  ".join([f"{state}{_decided(settings, quarter)}", *stopped.splitlines()])


def _decided(settings: Settings, quarter: Quarter) -> str:
    """Say what people decided about a quarter, or that the records of it are not whole."""
    try:
        words = decided(settings, quarter)
    except OperationError as fault:
        words = str(fault)
    return f"\n  {words}" if words else ""


def _state(settings: Settings, quarter: Quarter) -> str:
    version = latest(settings, quarter)
    check_records(settings, quarter)
    at = published_at(settings, quarter, version)
    state = f"published {at:%-d %B %Y %H:%M}" if at else _signed(settings, quarter, version)
    state += "" if at else _beside(settings, quarter, version)
    asked = f"; questions: {questions_in_words(settings, quarter)}"
    place = folder_of(settings, quarter, version)
    due = release_time(place).astimezone(LONDON)
    return (
        f"{quarter.label}  v{version}  {state}; release {due:%-d %B %Y %H:%M}; "
        f"{_built_from(settings, quarter, version)}{asked}; manifest {manifest_hash(place)[:16]}"
    )


def _beside(settings: Settings, quarter: Quarter, version: int) -> str:
    """Say what else is known beside a version that is not public: other versions and quarters."""
    before = waiting(settings, quarter, version)
    signed = ""
    if before:
        at = goes_at(settings, quarter, before)
        goes = f" and goes out by itself at {at:{TIME}} where the sensor is on" if at else ""
        signed = f", while v{before} is signed off by {signers(settings, quarter, before)}{goes}"
    return signed + _public(settings, quarter) + _overtaken(settings, quarter, version)


def _overtaken(settings: Settings, quarter: Quarter, version: int) -> str:
    """Say why a version may not go out any more; "" when it still may."""
    try:
        check_latest(settings, quarter, version)
    except OperationError:
        last = max(known for known, _ in every_published(settings))
        return (
            f", and may not go out any more: readers have {last.label} already, and a build of "
            "that shows what has come since"
        )
    return ""


def _public(settings: Settings, quarter: Quarter) -> str:
    """Say which earlier version of a quarter readers have; "" when they have none."""
    public = [version for known, version in every_published(settings) if known == quarter]
    return f", while readers have v{max(public)}" if public else ""


def public_versions(settings: Settings, quarter: Quarter) -> set[int]:
    """Return the versions of a quarter that readers have."""
    return {version for known, version in every_published(settings) if known == quarter}


def made_public(settings: Settings, quarter: Quarter, before: set[int]) -> str:
    """Say which version of a quarter is public, where, since when, and which draft is newer.

    `before` are the versions that were public before the publication that was asked for.
    """
    now_public = public_versions(settings, quarter)
    version = max(now_public - before or now_public)
    made = publication(settings, quarter, version)
    since = f" since {made.published_at.astimezone(LONDON):{TIME}} (London)" if made else ""
    lines = [f"{quarter.label} v{version} is public{since}: {settings.site / 'index.html'}"]
    late = lateness(settings, made) if made else timedelta()
    if version in before:
        lines.append(
            "It was public already, so nothing was published. Every version on the site was "
            "compared with what was published, and the site was laid out again from them."
        )
    if late:
        lines.append(f"It went out late: {in_words(late)} after the time that was announced.")
    lines += [
        f"v{draft} is newer and not signed off, so readers do not see it."
        for draft in drafts_after(settings, quarter, version)
    ]
    return "\n".join(lines)


def _signed(settings: Settings, quarter: Quarter, version: int) -> str:
    try:
        check_signed(settings, quarter, version)
    except OperationError:
        return _draft(folder_of(settings, quarter, version))
    return f"signed off by {signers(settings, quarter, version)}"


def signers(settings: Settings, quarter: Quarter, version: int) -> str:
    """Name everybody who signed a version off, in which role, the first first."""
    approvals = sign_offs(settings, quarter, version)
    return " and by ".join(dict.fromkeys(f"{one.name}, {one.role}" for one in approvals))
