"""The language of a finished release, as the descriptions of its data files state it."""

from __future__ import annotations

from collections.abc import Callable

from publications.errors import IntegrityError, WordingError
from publications.gates.reading import Files, json_of
from publications.words import Words, words_in

WordsOf = Callable[[str], Words]
"""Gives the words of a language by its tag; raises `WordingError` for one that it does not have."""
DESCRIPTION = "-metadata.json"


def language_of(files: Files) -> str:
    """Return the tag of the language that every description of a data file states.

    Raises `IntegrityError` when they do not state one language, or when there is no description.
    """
    descriptions = (json_of(files, path) for path in files if path.endswith(DESCRIPTION))
    tags = sorted({str(one["@context"][1]["@language"]) for one in descriptions})
    if len(tags) != 1:
        raise IntegrityError(
            "The files cannot be read back as a release: the descriptions of the data files state "
            f"{len(tags)} languages. A release has one, which each of them states. Build it again."
        )
    return tags[0]


def words_of_release(files: Files, words_of: WordsOf = words_in) -> Words:
    """Return the words of the language in which a release is written.

    Raises `IntegrityError` when the release does not state one language, or states one that there
    is no catalogue of: it was dropped, or belongs to another version of the code.
    """
    tag = language_of(files)
    try:
        return words_of(tag)
    except WordingError as fault:
        raise IntegrityError(
            f"The release is written in the language {tag[:40]!r}. {fault} Check it with the "
            "version of the code that its manifest names."
        ) from fault
