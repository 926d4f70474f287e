"""Sign-off and publication: what must be true before the public sees a release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from operations.errors import EmbargoError, SignOffError
from operations.home.clock import LONDON, now
from operations.home.code import is_known
from operations.home.durable import replace_folder
from operations.home.locks import exclusive
from operations.home.rehearsal import said_so
from operations.home.settings import Settings
from operations.releases.approvals import TIME, check_new, check_same_severity
from operations.releases.choice import NEWEST, NamedVersion, check_prefix, chosen, waiting
from operations.releases.corrections import correction_of
from operations.releases.explanations import check_explained
from operations.releases.register import check_clock
from operations.releases.release_records import (
    Publication,
    checked_sign_off,
    publication,
    publications,
    published_at,
    record_publication,
)
from operations.releases.release_store import (
    SignOff,
    code_of,
    files_in,
    folder_of,
    latest,
    manifest_hash,
    release_time,
    sign,
    sign_offs,
)
from operations.releases.run_records import check_built
from operations.releases.severity import check_severity
from operations.releases.site_store import check_manifest, lay_site, show
from operations.releases.traces import check_records
from operations.releases.typed_words import TypedText
from publications.data.manifest import fingerprints, verify_folder
from publications.data.manifest import manifest_hash as hash_of
from publications.gates.language_read import words_of_release
from publications.gates.screener import GATES, READING, Gate, screen_files
from publications.pages.preview import marked, preview
from publications.release.calendar import release_at
from schemas.quarter import Quarter
from schemas.texts import counted

REPORT = "disclosure-control.json"
MISSED_AFTER = timedelta(minutes=15)
"""A version that is to go out by itself and is not public so long after its time was missed."""


def sign_off(settings: Settings, quarter: Quarter, asked: SignOff) -> tuple[int, SignOff]:
    """Approve the newest version of a quarter's release: the one that the approver has read.

    `asked` names its manifest by its hash, or the first 12 characters or more; the approval that
    is returned has the whole hash. Raises as `check_asked`, then `SignOffError` for another
    manifest, for files that do not pass, for a correction without a reason, for a minor one that
    changes sentences, for files that do not
    explain what they lack, and for an approval that the same person gave already.
    """
    version, asked = check_asked(settings, quarter, asked)
    check_built(settings, quarter, version)
    lies_there = manifest_hash(folder_of(settings, quarter, version))
    check_named(quarter, version, lies_there, asked.manifest_sha256)
    check_date(settings, quarter, version)
    check_code_known(settings, quarter, version)
    checked = check_files(settings, quarter, version)
    check_named(quarter, version, checked, asked.manifest_sha256)
    check_attacked(settings, quarter, version)
    reason, severity = _asked_for(settings, quarter, version)
    reason = asked.reason or reason
    check_reason(settings, quarter, version, reason)
    check_severity(settings, quarter, version)
    check_explained(settings, quarter, version)
    approval = replace(asked, manifest_sha256=checked, reason=reason, severity=severity)
    check_new(quarter, version, sign_offs(settings, quarter, version), approval)
    sign(settings, quarter, version, approval)
    return version, approval


def check_asked(settings: Settings, quarter: Quarter, asked: SignOff) -> tuple[int, SignOff]:
    """Return the version that a sign-off is about, and the sign-off with its texts checked.

    Raises first what no other words could mend: `StoreError` without a version, `RecordError` for
    damaged records, `SignOffError` for a version that is public. Then `SignOffError` for what was
    typed: a blank name or role, or a text that could identify a participant.
    """
    version = latest(settings, quarter)
    check_records(settings, quarter)
    check_not_public(settings, quarter, version)
    return version, checked_sign_off(asked)


def publish(
    settings: Settings, quarter: Quarter, at: datetime, named: NamedVersion = NEWEST
) -> tuple[int, Path]:
    """Put a version of a quarter's release on the public site, in one atomic switch.

    It is the newest, or the newest that was signed off when that is `named`; see `chosen`. Raises
    `SignOffError` without an approval of exactly these files and when any version that is
    public already is not as it was published, and `EmbargoError` before the time of release. Then
    the site stays as it is.
    """
    with exclusive(settings.home / "registers" / ".publishing"):
        version = chosen(settings, quarter, named)
        check_records(settings, quarter)
        check_built(settings, quarter, version)
        check_signed(settings, quarter, version)
        made = publication(settings, quarter, version)
        fresh = made or checked_publication(settings, quarter, version, at)
        others = [p for p in publications(settings, (quarter, version)) if p != made]
        check_clock(settings)
        show(settings, lay_site(settings, [fresh, *others]))
        if made is None:
            record_publication(settings, fresh)
    return version, settings.site


def checked_publication(
    settings: Settings, quarter: Quarter, version: int, at: datetime
) -> Publication:
    """Return the publication of a signed version that may be made public now, and was not yet."""
    check_embargo(settings, quarter, version, at)
    check_code_known(settings, quarter, version)
    check_attacked(settings, quarter, version)
    held = check_files(settings, quarter, version, READING)
    approvals = [a for a in sign_offs(settings, quarter, version) if a.manifest_sha256 == held]
    asked, severity = _asked_for(settings, quarter, version)
    reason = next((a.reason for a in reversed(approvals) if a.reason), asked)
    check_reason(settings, quarter, version, reason)
    check_severity(settings, quarter, version)
    check_same_severity(quarter, version, approvals, severity)
    return Publication(quarter, version, at, held, TypedText(reason, "reason"), severity)


def _asked_for(settings: Settings, quarter: Quarter, version: int) -> tuple[str, str]:
    """Return the reason and the severity of the correction that was asked for; "" for none."""
    asked = correction_of(settings, quarter, version)
    return (asked.reason, asked.severity) if asked else ("", "")


def lateness(settings: Settings, made: Publication) -> timedelta:
    """Return how much later than its time of release a version went out; less than a minute is 0.

    A correction goes out when it is ready, so it is never late.
    """
    due = release_time(folder_of(settings, made.quarter, made.version))
    late = made.published_at - due
    is_first = not any(
        one.quarter == made.quarter and one.version < made.version for one in publications(settings)
    )
    return late if is_first and late >= timedelta(minutes=1) else timedelta()


def in_words(late: timedelta) -> str:
    """Say how late something was: days, hours and minutes."""
    hours, minutes = divmod(late.seconds // 60, 60)
    days = counted(late.days, "day", "days")
    return f"{days}, {counted(hours, 'hour', 'hours')} and {counted(minutes, 'minute', 'minutes')}"


def lay_draft(settings: Settings, quarter: Quarter, version: int) -> Path:
    """Lay out the copy that people read before publication: marked as a draft on every page."""
    place = settings.home / "drafts" / quarter.id / f"v{version}"
    folder = folder_of(settings, quarter, version)
    signed, due = files_in(folder), release_time(folder)
    files = preview(signed, due, words_of_release(signed), overdue=due <= now(settings))
    if not is_known(code_of(folder)):
        words = words_of_release(signed)
        files = marked(files, words.say("preview.trial"), words)
    replace_folder(place, said_so(settings, files))
    return place


def check_named(quarter: Quarter, version: int, held: str, named: str) -> None:
    """Raise unless the manifest that the approver names is the one that a version has."""
    check_prefix(named, "A sign-off")
    if not held.startswith(named):
        raise SignOffError(
            f"The manifest {named[:16]} was read, but {quarter.label} v{version} now has "
            f"{held[:16]}: it is another draft. Read drafts/{quarter.id}/v{version}, then sign "
            "that off."
        )


def check_not_public(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise when readers have a version already: an approval of it would decide nothing."""
    at = published_at(settings, quarter, version)
    if at is not None:
        raise SignOffError(
            f"{quarter.label} v{version} is public since {at.astimezone(LONDON):{TIME}} (London), "
            "so there is nothing to sign off. To correct it: ctw correct "
            f"{quarter.id} --reason TEXT --severity major|minor"
        )


def check_signed(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise unless someone approved the files exactly as they are."""
    folder = folder_of(settings, quarter, version)
    approvals = sign_offs(settings, quarter, version)
    held = manifest_hash(folder)
    if not approvals:
        check_latest(settings, quarter, version)
        raise SignOffError(_not_signed(settings, quarter, version, held))
    if held not in [a.manifest_sha256 for a in approvals]:
        raise SignOffError(
            f"{quarter.label} v{version} was signed off with the manifest "
            f"{approvals[-1].manifest_sha256[:16]} but now has {held[:16]}. "
            f"Build it again (ctw build {quarter.id}) and have it signed off as it is."
        )
    problems = verify_folder(files_in(folder))
    if problems:
        raise SignOffError(
            f"{quarter.label} v{version} is not as it was signed off: {' '.join(problems)} Put the "
            f"files back from a backup, or build it again (ctw build {quarter.id}) and have it "
            "signed off as it is."
        )


def _not_signed(settings: Settings, quarter: Quarter, version: int, held: str) -> str:
    """Say what can be done about a version that nobody signed off."""
    before = waiting(settings, quarter, version)
    is_next = _way_to_sign(settings, quarter, version, held)
    if before is None:
        return f"{quarter.label} v{version} is not signed off. {is_next[0].upper()}{is_next[1:]}"
    return (
        f"{quarter.label} v{version} is not signed off, but v{before} is, and is not public yet. "
        f"To publish v{before} as it was signed off: ctw publish {quarter.id} --version {before}. "
        f"To publish v{version} in its place: {is_next}"
    )


def _way_to_sign(settings: Settings, quarter: Quarter, version: int, held: str) -> str:
    """Say how a version comes to be signed off; a trial never does."""
    code = code_of(folder_of(settings, quarter, version))
    if not is_known(code):
        return (
            f"build it again with code that is known: it is a trial of the code {code!r}, which "
            f"cannot be signed off (ctw build {quarter.id})"
        )
    return (
        f"read it, then: ctw sign-off {quarter.id} --manifest {held[:16]} --name NAME --role ROLE "
        "--note TEXT"
    )


def check_attacked(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise when the attack on a version did not know a release that readers have by now.

    A version of the same quarter with the same protected tables reveals nothing more.
    """
    check_latest(settings, quarter, version)
    folder = folder_of(settings, quarter, version)
    report = folder / REPORT
    attack = json.loads(report.read_text(encoding="utf-8"))["attack"] if report.is_file() else {}
    known = (attack or {}).get("earlier") or []
    public = [
        made.label
        for made in publications(settings, (quarter, version))
        if made.quarter <= quarter
        and not (made.quarter == quarter and is_alike(settings, made, version))
    ]
    if set(known) != set(public):
        raise SignOffError(
            f"{quarter.label} v{version} was protected and attacked beside "
            f"{', '.join(known) or 'no earlier release'}, but readers have "
            f"{', '.join(public) or 'none'} by now. "
            f"Build it again (ctw build {quarter.id}) and have it signed off as it is."
        )


def check_latest(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise when readers have a later quarter already, whose tables show this quarter too.

    No attack reads a release beside later ones. A version with the same protected tables as a
    published one of its quarter, such as a correction of words, may still go out.
    """
    public = publications(settings, (quarter, version))
    later = [made for made in public if made.quarter > quarter]
    alike = (is_alike(settings, m, version) for m in public if m.quarter == quarter)
    if later and not any(alike):
        newest = max(later, key=lambda made: made.quarter)
        raise SignOffError(
            f"{quarter.label} v{version} may not go out: readers have {newest.label} already, "
            f"which shows {quarter.label} too, and figures of both could be put together. "
            f"Build {newest.quarter.label} again: it shows what has come since (ctw build "
            f"{newest.quarter.id}). "
            "Publish quarters in their order."
        )


def is_alike(settings: Settings, made: Publication, other: int) -> bool:
    """Whether a published version of a quarter has the same protected tables as another one."""
    check_manifest(settings, made)
    folders = [folder_of(settings, made.quarter, v) for v in (made.version, other)]
    one, two = (fingerprints(files_in(folder)) for folder in folders)
    return made.version == other or one == two


def check_files(
    settings: Settings, quarter: Quarter, version: int, gates: Mapping[str, Gate] = GATES
) -> str:
    """Raise unless the finished files pass the gates; return the hash of their manifest."""
    files = files_in(folder_of(settings, quarter, version))
    problems = verify_folder(files)
    if not problems:
        problems = screen_files(files, gates)
        if problems:
            _check_same_code(settings, quarter, version)
    if problems:
        raise SignOffError(
            f"{quarter.label} v{version} may not go out: {' '.join(problems)} Build it again: "
            f"ctw build {quarter.id}"
        )
    return hash_of(files)


def check_code_known(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise when a version does not say which code made it: it was a trial."""
    code = code_of(folder_of(settings, quarter, version))
    if not is_known(code):
        raise SignOffError(
            f"{quarter.label} v{version} may not go out: it was made by the code {code!r}, and "
            "nobody can say which code that was. Commit what was changed and added or, where there "
            "is no checkout, set CTW_CODE_VERSION to the version that is installed. Then build it "
            f"again: ctw build {quarter.id}"
        )


def _check_same_code(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise, in one sentence, when files that do not pass were written by other code than this."""
    code = code_of(folder_of(settings, quarter, version))
    if code != settings.code_version:
        raise SignOffError(
            f"{quarter.label} v{version} was written by the code {code} and is not what the code "
            f"of today ({settings.code_version}) writes: build it again (ctw build {quarter.id}), "
            "and sign off what you read then."
        )


def check_reason(settings: Settings, quarter: Quarter, version: int, reason: str) -> None:
    """Raise when a version that replaces a published one does not say why."""
    replaced = [
        made
        for made in publications(settings, (quarter, version))
        if made.quarter == quarter and made.version < version
    ]
    if replaced and not reason:
        raise SignOffError(
            f"{replaced[0].label} is public, so v{version} corrects it and has to say why: ctw "
            f"correct {quarter.id} --reason TEXT --severity major|minor, or sign it off with "
            "--reason TEXT. The site shows the reason."
        )


def check_date(settings: Settings, quarter: Quarter, version: int) -> None:
    """Raise when the calendar now has another time than the version was made for."""
    made_for = release_time(folder_of(settings, quarter, version))
    due = release_at(quarter)
    if made_for != due:
        raise EmbargoError(
            f"{quarter.label} v{version} was made for release at "
            f"{made_for.astimezone(LONDON):{TIME}}, but the calendar now says {due:{TIME}} "
            "(London). Build it again and have it signed off for that time."
        )


def check_embargo(settings: Settings, quarter: Quarter, version: int, at: datetime) -> None:
    """Raise before the time of release that was signed, and when the calendar has another."""
    due = release_time(folder_of(settings, quarter, version)).astimezone(LONDON)
    if at < due:
        raise EmbargoError(
            f"{quarter.label} is under embargo until {due:{TIME}} (London); it is now "
            f"{at:{TIME}}. Publish it then."
        )
    check_date(settings, quarter, version)


def every_published(settings: Settings) -> list[tuple[Quarter, int]]:
    """List every published version, latest quarter and version first."""
    return [(made.quarter, made.version) for made in publications(settings)]
