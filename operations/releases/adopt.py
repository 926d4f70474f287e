"""Taking over records from before the register existed: once, and in a person's name."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from operations.errors import RecordError, SignOffError
from operations.home.settings import Settings
from operations.releases import register
from operations.releases.release_records import SignOff, checked_sign_off, sign, sign_offs
from operations.releases.release_store import files_in, folder_of, manifest_hash, mark_published
from operations.releases.traces import old_records, quarters, version_in
from operations.releases.typed_words import TypedText, has_letter
from publications.data.manifest import verify_folder
from schemas.quarter import Quarter


def adopt(settings: Settings, name: str) -> int:
    """Write every old sign-off and publication into the register; return how many versions.

    The old files move to `registers/adopted`. Raises `RecordError` for a register that holds
    other lines already, and for a version that is not as it was signed: then nothing is written.
    """
    if not has_letter(name):
        raise RecordError("Taking over records needs the name of the person who answers for them.")
    answers = TypedText(name, "name")
    if any("adopted_by" not in words for words in register.read(settings)):
        raise RecordError(
            f"{register.NAME} holds records of its own already, so nothing older is taken over."
        )
    found = [(q, v) for q in quarters(settings) for v in _old_versions(settings, q)]
    for quarter, version in found:
        _check_signed(settings, quarter, version)
    for quarter, version in found:
        _adopt(settings, quarter, version, answers)
    return len(found)


def _old_versions(settings: Settings, quarter: Quarter) -> list[int]:
    numbers = {version_in(file.name) for file in old_records(settings, quarter)}
    return sorted(number for number in numbers if number)


def _check_signed(settings: Settings, quarter: Quarter, version: int) -> None:
    folder = folder_of(settings, quarter, version)
    problems = verify_folder(files_in(folder))
    approvals = _approvals(settings, quarter, version) or sign_offs(settings, quarter, version)
    if problems or manifest_hash(folder) not in [a.manifest_sha256 for a in approvals]:
        raise SignOffError(
            f"{quarter.label} v{version} is not as it was signed off, so its records are not taken "
            f"over. {' '.join(problems)} Put its folder back from a backup."
        )


def _adopt(settings: Settings, quarter: Quarter, version: int, name: TypedText) -> None:
    known = [w for w in register.read(settings) if _about(w, quarter, version)]
    approvals = _approvals(settings, quarter, version)
    for approval in approvals[sum(w["act"] == register.SIGN_OFF for w in known) :]:
        sign(settings, quarter, version, approval, adopted_by=name)
    at = _published(settings, quarter, version)
    if at and not any(w["act"] == register.PUBLICATION for w in known):
        mark_published(settings, quarter, version, at, _NO_REASON, adopted_by=name)
    for file in old_records(settings, quarter):
        if version_in(file.name) == version:
            _move(settings, quarter, file)


_NO_REASON = "No reason was recorded."


def _about(words: register.Words, quarter: Quarter, version: int) -> bool:
    return (words["quarter"], words["version"]) == (quarter.id, version)


def _approvals(settings: Settings, quarter: Quarter, version: int) -> list[SignOff]:
    file = settings.releases(quarter) / f"v{version}.sign-off.json"
    if not file.is_file():
        return []
    try:
        held = [SignOff(**words) for words in json.loads(file.read_bytes())["approvals"]]
    except (ValueError, KeyError, TypeError):
        raise RecordError(_unreadable(settings, file)) from None
    try:
        return [checked_sign_off(one) for one in held]
    except SignOffError as fault:
        raise RecordError(f"{file.relative_to(settings.home)}: {fault}") from None


def _published(settings: Settings, quarter: Quarter, version: int) -> datetime | None:
    file = settings.releases(quarter) / f"v{version}.published.json"
    if not file.is_file():
        return None
    try:
        return datetime.fromisoformat(json.loads(file.read_bytes())["published_at"])
    except (ValueError, KeyError, TypeError):
        raise RecordError(_unreadable(settings, file)) from None


def _unreadable(settings: Settings, file: Path) -> str:
    return f"{file.relative_to(settings.home)} cannot be read. Put it back from a backup."


def _move(settings: Settings, quarter: Quarter, file: Path) -> None:
    kept = settings.home / "registers" / "adopted" / quarter.id
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.replace(kept / file.name)
