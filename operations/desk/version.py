"""One version of a quarter's release as it lies in a home: who wrote, signed and published it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from operations.desk.outlook import BuildRun, Outlook
from operations.errors import OperationError, StoreError
from operations.home.clock import LONDON
from operations.home.code import is_known
from operations.home.settings import Settings
from operations.releases.choice import waiting
from operations.releases.publishing import MISSED_AFTER, check_attacked, check_latest, check_signed
from operations.releases.release_records import SignOff, published_at, sign_offs
from operations.releases.release_store import (
    code_of,
    folder_of,
    latest,
    manifest_of,
    release_time,
    versions,
)
from operations.releases.release_store import manifest_hash as hash_of
from operations.releases.run_records import Run, run_of
from schemas.quarter import Quarter

State = Literal["draft", "signed", "scheduled", "published"]


@dataclass(frozen=True)
class Version:
    """One version: its state, and the records of it. `others` are all versions of the quarter.

    `written_by` is the sealed record of the run that wrote it, `run` that run as Dagster has it:
    None where there is no such record. `is_trial` tells that nobody can say which code made it;
    `waiting` is an earlier version that is signed off and not public, if any, and `waiting_goes_at`
    when it goes out by itself: None where a person has to publish it. `fault` says what is
    wrong with its approval, and `overtaken` why it cannot go out any more: "" for nothing.
    """

    quarter: Quarter
    number: int
    state: State
    manifest: str
    release_at: datetime
    synthetic: bool
    is_trial: bool
    waiting: int | None
    waiting_goes_at: datetime | None
    written_by: Run | None
    run: BuildRun | None
    approvals: tuple[SignOff, ...]
    published: datetime | None
    fault: str
    overtaken: str
    others: tuple[int, ...]

    @property
    def label(self) -> str:
        """What people call it: `2026-27 Q2 v1`."""
        return f"{self.quarter.label} v{self.number}"

    @property
    def signers(self) -> tuple[str, ...]:
        """Everybody who signed it off, in which role, the first first."""
        return tuple(dict.fromkeys(f"{one.name}, {one.role}" for one in self.approvals))

    @property
    def is_newest(self) -> bool:
        """Whether no later version was written."""
        return self.number == max(self.others)


def gather_version(
    settings: Settings, quarter: Quarter, outlook: Outlook, number: int | None = None
) -> Version:
    """Gather one version of a quarter, the newest when none is named.

    Raises `StoreError` when there is no such version or its folder cannot be read, and
    `RecordError` for a register that is not as it was written.
    """
    number = latest(settings, quarter) if number is None else number
    others = tuple(versions(settings, quarter))
    if number not in others:
        raise StoreError(
            f"There is no version {number} of {quarter.label}. There is: "
            f"{', '.join(f'v{one}' for one in others) or 'no version'}."
        )
    folder = folder_of(settings, quarter, number)
    approvals = tuple(sign_offs(settings, quarter, number))
    public = published_at(settings, quarter, number)
    written = run_of(settings, quarter, number)
    fault = _fault(check_signed, settings, quarter, number) if approvals else ""
    beside = check_attacked if approvals and not fault else check_latest
    before = waiting(settings, quarter, number)
    return Version(
        quarter=quarter,
        number=number,
        state=_state(_goes_at(settings, outlook, quarter, number), approvals, public, fault),
        manifest=hash_of(folder),
        release_at=release_time(folder).astimezone(LONDON),
        synthetic=bool(manifest_of(folder).get("synthetic")),
        is_trial=not is_known(code_of(folder)),
        waiting=before,
        waiting_goes_at=_goes_at(settings, outlook, quarter, before),
        written_by=written,
        run=outlook.runs.run(written.run_id) if written else None,
        approvals=approvals,
        published=public.astimezone(LONDON) if public else None,
        fault=fault,
        overtaken="" if public else _fault(beside, settings, quarter, number),
        others=others,
    )


def _goes_at(
    settings: Settings, outlook: Outlook, quarter: Quarter, number: int | None
) -> datetime | None:
    """Return when a version is to go out by itself; None for none, and one that was missed."""
    if number is None or (quarter, number) not in outlook.scheduled:
        return None
    at = release_time(folder_of(settings, quarter, number)).astimezone(LONDON)
    return at if at + MISSED_AFTER > outlook.at else None


def _state(
    goes_at: datetime | None,
    approvals: tuple[SignOff, ...],
    public: datetime | None,
    fault: str,
) -> State:
    if public:
        return "published"
    if not approvals or fault:
        return "draft"
    return "scheduled" if goes_at else "signed"


def _fault(
    check: Callable[[Settings, Quarter, int], None],
    settings: Settings,
    quarter: Quarter,
    number: int,
) -> str:
    """Say why a version does not pass a check; "" when it does."""
    try:
        check(settings, quarter, number)
    except OperationError as fault:
        return str(fault)
    return ""


@dataclass(frozen=True)
class Subject:
    """What a page shows: a quarter, and which version and run, if any. `run` is a whole number.

    `state` is that of a run which has not come to a good end, so that it may have made nothing of
    what is shown; "" for any other.
    """

    quarter: Quarter
    version: int | None
    run: str
    state: str = ""


def subject_of(version: Version) -> Subject:
    """Return the subject of a page about a version: the run is the one that wrote it."""
    written = version.written_by
    return Subject(version.quarter, version.number, written.run_id if written else "")


def newest_subject(settings: Settings, quarter: Quarter, outlook: Outlook) -> Subject:
    """Return the subject of a page about what the last build of a quarter came to."""
    run = outlook.runs.latest(quarter)
    newest = max(versions(settings, quarter), default=None)
    if run is None:
        return Subject(quarter, newest, "")
    return Subject(quarter, newest, run.run_id, "" if run.state == "succeeded" else run.state)
