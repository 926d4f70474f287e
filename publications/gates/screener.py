"""The gates that a finished release must pass: each lists what is wrong, in plain English.

The files are read with other code than wrote them where there is any. A release goes out only
when every gate lists nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from publications.data.manifest import verify_folder
from publications.errors import IntegrityError
from publications.gates.charts import same_in_charts
from publications.gates.codes import same_codes
from publications.gates.completeness import incomplete_sums_are_marked
from publications.gates.dates import same_dates
from publications.gates.declarations import same_declarations
from publications.gates.expected import Expected, expected_of
from publications.gates.figures import no_null_symbols, same_in_spreadsheet, small_counts
from publications.gates.language_read import WordsOf
from publications.gates.manifest import same_as_release, same_in_descriptions
from publications.gates.marks import marks_beside_figures
from publications.gates.pages import bound_on_pages
from publications.gates.plain import pages_are_plain
from publications.gates.plain_cells import plain_cells
from publications.gates.policies import argued_policies, same_policies
from publications.gates.prose import numbers_in_prose
from publications.gates.provisional import (
    notes_say_until_when,
    provisional_figures_are_marked,
)
from publications.gates.ranges import same_ranges
from publications.gates.reading import UNREADABLE, Files, cause
from publications.gates.reports import same_reports
from publications.gates.reread import reread
from publications.gates.revised_sheet import same_in_revised_figures
from publications.gates.revisions import revised_figures_are_marked
from publications.gates.statements import every_file_says_so
from publications.gates.treated import notes_follow_treatment
from publications.gates.words import (
    explained_shorthand,
    no_identifiers,
    said_synthetic,
    unique_headers,
    whole_folder,
)
from publications.gates.worksheets import words_of_spreadsheet
from publications.gates.written_again import written_again
from publications.release.model import Release
from publications.words import words_in
from schemas.texts import legible

Gate = Callable[[Expected, Files], list[str]]

GATES: Mapping[str, Gate] = {
    "whole_folder": whole_folder,
    "small_counts": small_counts,
    "unique_headers": unique_headers,
    "explained_shorthand": explained_shorthand,
    "no_null_symbols": no_null_symbols,
    "same_ranges": same_ranges,
    "incomplete_sums_are_marked": incomplete_sums_are_marked,
    "revised_figures_are_marked": revised_figures_are_marked,
    "provisional_figures_are_marked": provisional_figures_are_marked,
    "notes_say_until_when": notes_say_until_when,
    "same_in_spreadsheet": same_in_spreadsheet,
    "same_in_revised_figures": same_in_revised_figures,
    "plain_cells": plain_cells,
    "words_of_spreadsheet": words_of_spreadsheet,
    "numbers_in_prose": numbers_in_prose,
    "marks_beside_figures": marks_beside_figures,
    "bound_on_pages": bound_on_pages,
    "pages_are_plain": pages_are_plain,
    "same_in_charts": same_in_charts,
    "same_dates": same_dates,
    "same_reports": same_reports,
    "same_in_descriptions": same_in_descriptions,
    "same_codes": same_codes,
    "same_declarations": same_declarations,
    "same_policies": same_policies,
    "argued_policies": argued_policies,
    "notes_follow_treatment": notes_follow_treatment,
    "same_as_release": same_as_release,
    "no_identifiers": no_identifiers,
    "said_synthetic": said_synthetic,
    "every_file_says_so": every_file_says_so,
    "written_again": written_again,
}
OF_TODAY = (
    *(argued_policies, notes_follow_treatment, notes_say_until_when),
    *(every_file_says_so, written_again),
)
"""The gates that hold a release to the words and pages of this version of the code."""
READING: Mapping[str, Gate] = {k: gate for k, gate in GATES.items() if gate not in OF_TODAY}
"""The others, for files of which the hash was approved: code that writes may be newer."""


def screen(release: Release, files: Files) -> dict[str, list[str]]:
    """Run every gate and return the problems of each; all are empty when the release may go out."""
    return screened(expected_of(release), files)


def screened(
    release: Expected, files: Files, gates: Mapping[str, Gate] = GATES
) -> dict[str, list[str]]:
    """Run gates on files that should say what is expected; return the problems of each."""
    return {name: _found(gate, release, files) for name, gate in gates.items()}


def _found(gate: Gate, release: Expected, files: Files) -> list[str]:
    """Return the problems that a gate lists; files that it cannot read are one problem."""
    try:
        return [legible(problem) for problem in gate(release, files)]
    except UNREADABLE as fault:
        problem = f"{gate.__name__} could not read the files of the release ({cause(fault)})."
        return [legible(problem)]


def screen_files(
    files: Files, gates: Mapping[str, Gate] = GATES, words_of: WordsOf = words_in
) -> list[str]:
    """Run gates on a release folder alone, in its own language, without the system that made it."""
    try:
        release = reread(files, words_of)
    except IntegrityError as fault:
        return [legible(str(fault))]
    return [problem for found in screened(release, files, gates).values() for problem in found]


def screen_folder(files: Files, gates: Mapping[str, Gate] = GATES) -> list[str]:
    """Compare a release folder with its manifest, run gates on it, and list each problem once.

    So a folder that cannot be read back still says which of its files were altered.
    """
    return list(dict.fromkeys([*map(legible, verify_folder(files)), *screen_files(files, gates)]))
