"""What `ctw verify` does: the independent verifier and the gates read a release folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typer

from assets.user_errors import stop
from operations.errors import StoreError
from operations.home.settings import code_version
from operations.releases.choice import check_prefix
from operations.releases.release_store import files_in, manifest_hash
from publications.data.manifest import MANIFEST
from publications.gates.screener import GATES, READING, screen_folder
from schemas.texts import counted, legible
from verification import FolderError
from verification import verify as verified
from verification.findings import Verdict

NEWER_WORDS = (
    "The gates find only that this version of the code has other words or pages. A release that "
    "an earlier version made is verified by the manifest that was approved: --manifest HASH, as "
    "ctw records shows it."
)
MADE_BY_OTHER_CODE = (
    "Version {made} of the code made this release, and this is version {ours}: a finding of the "
    "gates may be what has changed in between. Run ctw verify of version {made} on it; what that "
    "finds too is wrong in the release."
)
LONGEST_VERSION = 60


def check_release(release: Path, previous: Sequence[Path], manifest: str) -> None:
    """Say what the verifier and the gates find in a folder; any finding ends with status 1.

    `manifest` is that of the release that was approved, by 12 characters or more, or "": the words
    of approved files are those of the version of the code that made them.
    """
    if manifest:
        _check_approved(release, manifest)
    verdict, problems = _found(release, previous, is_approved=bool(manifest))
    _say_group("The independent verifier", [f.message for f in verdict.findings], verdict.remarks)
    _say_group("The gates, on the folder alone", problems)
    if problems or not verdict.is_sound:
        if problems:
            _say_why(release, is_approved=bool(manifest))
        raise stop(
            f"{counted(len(verdict.findings), 'finding', 'findings')} of the verifier and "
            f"{len(problems)} of the gates in {release}"
        )
    typer.echo(_sound(release, is_approved=bool(manifest)))


def _say_why(release: Path, *, is_approved: bool) -> None:
    """Say what may be behind findings of the gates, other than a fault of the release."""
    if not is_approved and not _screened(release, is_approved=True):
        typer.echo(NEWER_WORDS)
        return
    made, ours = _made_by(release), code_version()
    if made and made != ours:
        typer.echo(MADE_BY_OTHER_CODE.format(made=made, ours=ours))


def _made_by(release: Path) -> str:
    """Return the version of the code that a release names; "" where it names none."""
    try:
        made = json.loads((release / MANIFEST).read_bytes())["code_version"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return legible(made)[:LONGEST_VERSION] if isinstance(made, str) else ""


def _check_approved(release: Path, manifest: str) -> None:
    """Raise unless the folder has the manifest that was approved."""
    check_prefix(manifest, "A verification")
    held = manifest_hash(release)
    if not held.startswith(manifest):
        raise stop(
            f"{release} has the manifest {held[:16]}, not {manifest[:16]}: these are not the files "
            "that were approved."
        )


def _found(
    release: Path, previous: Sequence[Path], *, is_approved: bool
) -> tuple[Verdict, list[str]]:
    """Return what the verifier and the gates find; whatever the folder holds ends in words."""
    try:
        return verified(release, *previous), _screened(release, is_approved=is_approved)
    except FolderError as fault:
        raise stop(str(fault)) from None
    except Exception as fault:  # noqa: BLE001 the folder may hold anything
        raise stop(
            f"{release} could not be read to the end ({type(fault).__name__}), so it is not "
            "verified. Its files are not as this system writes them; do not publish it."
        ) from None


def _screened(release: Path, *, is_approved: bool) -> list[str]:
    """Return what the gates find; of approved files, those that read what stands there."""
    try:
        return screen_folder(files_in(release), READING if is_approved else GATES)
    except StoreError as fault:
        return [str(fault)]


def _sound(release: Path, *, is_approved: bool) -> str:
    """Say that nothing was found, and what was not looked at."""
    agreed = "as its manifest says, and no exposed fact was found"
    words = "; its words were not written again, as they were approved" if is_approved else ""
    return f"{release}: {agreed}{words}; manifest {manifest_hash(release)[:16]}"


def _say_group(heading: str, findings: Sequence[str], remarks: Sequence[str] = ()) -> None:
    """Print what one group of checks found, and what it has to say beside that."""
    typer.echo(f"{heading}: {len(findings) or 'no'} finding{'s' if len(findings) != 1 else ''}")
    for line in (*findings, *remarks):
        typer.echo(f"  {line}")
