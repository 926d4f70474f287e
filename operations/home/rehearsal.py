"""Rehearsals: homes in which the time is stated by a person, and every output says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from operations.errors import SettingsError
from operations.home.audiences import enter
from operations.home.clock import stated, true_time
from operations.home.durable import replace_file
from operations.home.settings import REHEARSAL, Settings
from publications.pages.preview import marked
from publications.words import words_in


def rehearse(home: Path, time: str) -> None:
    """Make a home for rehearsals, or state another time in one that is there already.

    Raises `SettingsError` for a time without offset, and for a home that holds anything but a
    rehearsal: its content may be real.
    """
    stated(time)
    marker = home / REHEARSAL
    if home.is_dir() and any(home.iterdir()) and not marker.is_file():
        raise SettingsError(
            f"{home} holds files already and was not made for rehearsals, so it cannot become one. "
            "Name a folder that is empty or not there yet: ctw rehearse --now TIME --home DIR"
        )
    enter(home)
    words = {"now": time, "stated_at": true_time().isoformat()}
    replace_file(marker, (json.dumps(words, indent=1) + "\n").encode())


def said_so(settings: Settings, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the files with a rehearsal notice on each page; unchanged outside a rehearsal."""
    if not settings.is_rehearsal:
        return files
    words = settings.words
    return marked(files, words.say("release.rehearsal"), words)


def labels(settings: Settings) -> tuple[str, ...]:
    """Return the labels of what areas get from a rehearsal, in English; () elsewhere."""
    return (words_in().say("release.rehearsal"),) if settings.is_rehearsal else ()
