"""The notice of a correction as a draft: what it will say once the version is published."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from operations.home.durable import replace_file
from operations.home.rehearsal import said_so
from operations.home.settings import Settings
from operations.releases.corrections import correction_of
from operations.releases.release_records import Publication, publications
from operations.releases.release_store import files_in, folder_of
from publications.pages.corrections import corrections
from publications.pages.draft_notice import draft_notice
from publications.pages.edition import Edition
from publications.pages.effects import Pages, sentences_changed
from schemas.quarter import Quarter


@dataclass(frozen=True)
class Effect:
    """What a draft changes of the version that it corrects, in counts; and where its notice lies.

    `main_points` are the sentences of the main points that only one of the two versions has.
    """

    replaces: int
    figures: int
    main_points: int
    notice: Path

    def place(self, home: Path) -> str:
        """Name the notice as a path within a home."""
        return self.notice.relative_to(home).as_posix()


def lay_notice(settings: Settings, quarter: Quarter, version: int) -> Effect | None:
    """Write the notice that a draft would be published with; None where it corrects nothing."""
    public = [
        made
        for made in publications(settings, (quarter, version))
        if made.quarter == quarter and made.version < version
    ]
    if not public:
        return None
    words, folder = settings.words, settings.home / "drafts" / quarter.id
    old = _edition(settings, public[0])
    asked = correction_of(settings, quarter, version)
    given = (asked.reason, asked.severity) if asked else ("", "")
    files = files_in(folder_of(settings, quarter, version))
    new = Edition(quarter, version, files, public[0].published_at, *given)
    for path, content in said_so(settings, draft_notice(old, new, words)).items():
        replace_file(folder / path, content)
    sentences = sum(map(len, sentences_changed(Pages(old.files), Pages(files))))
    figures = len(corrections(old.files, files, words).figures)
    return Effect(old.version, figures, sentences, folder / "corrections.html")


def _edition(settings: Settings, made: Publication) -> Edition:
    files = files_in(folder_of(settings, made.quarter, made.version))
    return Edition(made.quarter, made.version, files, made.published_at, made.reason, made.severity)
