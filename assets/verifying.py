"""The command that verifies a release folder: the independent verifier, and the gates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.user_errors import reports_user_errors, stop
from operations.errors import StoreError

if TYPE_CHECKING:
    from verification.findings import Verdict

NEWER_WORDS = (
    "The gates find only that this version of the code has other words or pages. A release that "
    "an earlier version made is verified by the manifest that was approved: --manifest HASH, as "
    "ctw records shows it."
)


@reports_user_errors
def verify(
    release: Annotated[Path, typer.Argument(help="A release folder", metavar="RELEASE_DIR")],
    previous: Annotated[
        list[Path] | None,
        typer.Option(help="A release before, to look at all together; once for each, newest first"),
    ] = None,
    manifest: Annotated[
        str,
        typer.Option(
            help="The manifest that was approved, by 12 characters or more of its hash: "
            "the words are then those of the version of the code that made it"
        ),
    ] = "",
) -> None:
    """Look for altered files, figures that differ and exposed facts, in a folder's files alone.

    Two groups of checks read the folder: the independent verifier, which shares no code with this
    system, and the gates that a release passes before it goes out.
    """
    if manifest:
        _check_approved(release, manifest)
    verdict, problems = _found(release, previous or (), is_approved=bool(manifest))
    _say_group("The independent verifier", [f.message for f in verdict.findings], verdict.remarks)
    _say_group("The gates, on the folder alone", problems)
    if problems or not verdict.is_sound:
        if problems and not manifest and not _screened(release, is_approved=True):
            typer.echo(NEWER_WORDS)
        raise stop(
            f"{len(verdict.findings)} findings of the verifier and {len(problems)} of the gates "
            f"in {release}"
        )
    typer.echo(_sound(release, is_approved=bool(manifest)))


def _check_approved(release: Path, manifest: str) -> None:
    """Raise unless the folder has the manifest that was approved."""
    from operations.releases.choice import check_prefix  # noqa: PLC0415 slow to import
    from operations.releases.release_store import manifest_hash  # noqa: PLC0415 likewise

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
    from verification import FolderError  # noqa: PLC0415 slow to import
    from verification import verify as verified  # noqa: PLC0415 likewise

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
    from operations.releases.release_store import files_in  # noqa: PLC0415 slow to import
    from publications.gates.screener import GATES, READING, screen_folder  # noqa: PLC0415 likewise

    try:
        return screen_folder(files_in(release), READING if is_approved else GATES)
    except StoreError as fault:
        return [str(fault)]


def _sound(release: Path, *, is_approved: bool) -> str:
    """Say that nothing was found, and what was not looked at."""
    from operations.releases.release_store import manifest_hash  # noqa: PLC0415 slow to import

    agreed = "as its manifest says, and no exposed fact was found"
    words = "; its words were not written again, as they were approved" if is_approved else ""
    return f"{release}: {agreed}{words}; manifest {manifest_hash(release)[:16]}"


def _say_group(heading: str, findings: Sequence[str], remarks: Sequence[str] = ()) -> None:
    """Print what one group of checks found, and what it has to say beside that."""
    typer.echo(f"{heading}: {len(findings) or 'no'} finding{'s' if len(findings) != 1 else ''}")
    for line in (*findings, *remarks):
        typer.echo(f"  {line}")
