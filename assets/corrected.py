"""What `ctw correct` says after the build: the version that corrects, its effect, what is next."""

from __future__ import annotations

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.corrections import newest_public
from operations.releases.draft_notice import lay_notice
from operations.releases.release_store import folder_of, latest, manifest_hash
from operations.releases.severity import check_severity
from schemas.quarter import Quarter
from schemas.texts import counted


def corrected(settings: Settings, quarter: Quarter) -> str:
    """Say what the newest version of a quarter would correct, and how to go on.

    Raises `SignOffError` when the build came to the files of the public version again, and when
    the version changes more than the severity that was given allows.
    """
    version, public = latest(settings, quarter), newest_public(settings, quarter)
    effect = lay_notice(settings, quarter, version)
    if effect is None:
        raise SignOffError(
            f"The build came to the files of {public.label} again, so what changed makes no "
            "difference to what is published, and no version was written. The correction that "
            "was asked for stays on record."
        )
    check_severity(settings, quarter, version)
    held = manifest_hash(folder_of(settings, quarter, version))
    return "\n".join(
        [
            f"{quarter.label} v{version} would correct v{effect.replaces}: "
            f"{counted(effect.figures, 'figure differs', 'figures differ')}, and "
            f"{counted(effect.main_points, 'sentence', 'sentences')} of the main points "
            f"{'stands' if effect.main_points == 1 else 'stand'} in one version only.",
            f"Read the draft and its notice: {effect.notice}",
            f"Next: ctw sign-off {quarter.id} --manifest {held[:16]} --name NAME --role ROLE, "
            f"then ctw publish {quarter.id}. The reason is on record.",
        ]
    )
