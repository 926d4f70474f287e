"""What the command line says of raw returns that were removed, or would be."""

from __future__ import annotations

from collections.abc import Sequence

from operations.releases.purging import Purgeable
from schemas.texts import counted

BACKUPS = (
    "Copies in backups are not touched: those who keep the backups remove theirs. The receipts say "
    "when, by whom and in which role the packs were removed."
)


def listed(found: Sequence[Purgeable], older_than: int) -> str:
    """List the quarters whose raw returns are there, which of them can go, and why others stay."""
    if not found:
        return "No raw return is kept."
    lines = [
        f"{_what(one)}: {'stays, ' + one.why_not if one.why_not else 'can go'}" for one in found
    ]
    if any(not one.why_not for one in found):
        lines.append(
            f"To remove what can go: ctw purge --older-than {older_than} --name NAME --role ROLE"
        )
    return "\n".join(lines)


def gone(removed: Sequence[Purgeable]) -> str:
    """Say what was removed."""
    if not removed:
        return "Nothing was removed: no raw return can go. ctw purge --older-than DAYS says why."
    return "\n".join([*(f"{_what(one)}: removed" for one in removed), BACKUPS])


def _what(one: Purgeable) -> str:
    return (
        f"{one.quarter.label}  {counted(len(one.packs), 'pack', 'packs')}, "
        f"{one.bytes / 1e6:,.1f} MB, the last of {one.last:%-d %B %Y}"
    )
