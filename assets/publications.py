"""Assets of the release: one per kind of file, then the folder, checked before it is written."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import dagster as dg
import polars as pl

from assets.attack import ATTACK
from assets.common import room
from assets.forms import Approval, Explained, form_link
from assets.io import edition_under_way, kept_files
from assets.metadata import preview
from assets.partitions import quarter_of, quarter_of_run
from assets.refusals import refusals
from assets.runs import EXPLAIN, SIGN, releasing
from assets.verdicts import CHECK, CheckFinding, shown
from assets.ways import with_ways
from assets.whole_run import (
    CHECKED_BEFORE,
    EVERY_STEP,
    MADE_BEFORE,
    every_step,
    require_whole,
)
from operations.desk.rendering import moment_in_words
from operations.home.clock import now
from operations.home.kinds import database_kind
from operations.home.settings import Settings, settings
from operations.progress import report
from operations.releases.draft_notice import lay_notice
from operations.releases.explanations import Lack, lacking
from operations.releases.publishing import lay_draft
from operations.releases.release_records import Publication
from operations.releases.release_store import files_in, folder_of, newest_version, write_version
from operations.releases.revising import explanation_of, revised, versions_before
from operations.releases.run_records import Run, record_run
from operations.stores.cells import attack_outcome, protected_tables, quality
from publications import folder
from publications.gates.expected import expected_of
from publications.gates.screener import GATES, Gate
from publications.release.calendar import next_release, release_at
from publications.release.model import Release
from publications.tables import TABLES, populations
from schemas.quarter import Quarter

EDITION = dg.AssetKey(["publications", "edition"])
FOLDER = dg.AssetKey(["publications", "folder"])
RELEASE = dg.AssetKey(["publications", "release"])
# The attack reads every protected population, so whatever waits for it waits for all of them.
SOURCES = [dg.AssetKey(["protected", "quality"]), ATTACK]
NAMED_PROBLEMS = 3
MEND = (
    "The files were not written as a version. Give this to those who maintain the system; when it "
    "is mended, build again: ctw build."
)


def release_of(quarter: Quarter, version: int) -> Release:
    """Build the release of a quarter from the protected store and the versions that are public.

    It is built again only when one of them has changed, so that all parts of a run share one.
    """
    state = settings()
    public = versions_before(state, quarter, version)
    basis = Basis(database_kind().stamp(state.protected), public, explanation_of(state, quarter))
    return _release(quarter, version, state, basis)


@dataclass(frozen=True)
class Basis:
    """What a release is made from: the store, by its stamp, and what readers have by then."""

    stamp: tuple[int, ...]
    public: tuple[Publication, ...]
    explanation: str


@lru_cache(maxsize=2)
def _release(quarter: Quarter, version: int, state: Settings, basis: Basis) -> Release:
    facts = quality(quarter)
    release = Release(
        quarter=quarter,
        version=version,
        release_at=release_at(quarter),
        synthetic=facts.synthetic,
        declarations=TABLES,
        protected=protected_tables(quarter, [p.relation for p in populations(TABLES)]),
        quality=facts,
        code_version=state.code_version,
        next_release=next_release(quarter),
        attack=attack_outcome(quarter),
        words=state.words,
        rehearsal=state.is_rehearsal,
    )
    return revised(state, release, basis.public, basis.explanation)


@dg.asset(
    key=EDITION,
    deps=SOURCES,
    description=(
        "Which version this is: the draft under way, or the next one when the last is signed off "
        "and something in it has changed."
    ),
    kinds={"json"},
    io_manager_key="edition_store",
    **room("publications"),
)
@refusals()
def edition(context: dg.AssetExecutionContext) -> dg.Output[int]:
    """Choose the version: a signed version is never written again with other content."""
    quarter = quarter_of_run(context)
    version = edition_of(quarter)
    return dg.Output(version, metadata={"version": str(version)})


def edition_of(quarter: Quarter) -> int:
    """Return the version to write for a quarter."""
    state = settings()
    last, is_frozen = newest_version(state, quarter)
    if not is_frozen:
        return last
    release = release_of(quarter, last)
    same = folder.render(release) == files_in(folder_of(state, quarter, last))
    return last if same else last + 1


def _listed(files: Mapping[str, bytes]) -> dg.MarkdownMetadataValue:
    rows = [(path, len(content), _sha(content)[:12]) for path, content in sorted(files.items())]
    frame = pl.DataFrame(rows, schema=["path", "bytes", "sha256"], orient="row")
    return preview(frame, 60)


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dg.asset(
    key=FOLDER,
    ins={"edition": dg.AssetIn(EDITION)},
    description=(
        "All files of the release with their manifest, before they are checked: spreadsheet, open "
        "data with their codes, charts, bulletin and the other pages."
    ),
    kinds={"excel", "csv", "json"},
    io_manager_key="file_store",
    **room("publications"),
)
@refusals()
def gathered(context: dg.AssetExecutionContext, edition: int) -> dg.Output[dict[str, bytes]]:
    """Write every kind of file, and seal them with the manifest."""
    release = release_of(quarter_of_run(context), edition)
    files = folder.assemble(release, list(_parts(release)))
    return dg.Output(files, metadata={"files": _listed(files), "version": str(edition)})


def _parts(release: Release) -> Iterator[dict[str, bytes]]:
    """Write one kind of file after the other."""
    for number, render in enumerate(folder.PARTS.values(), 1):
        report("Writing files", number, len(folder.PARTS))
        yield render(release)


def gate(name: str, problems: Gate) -> dg.AssetChecksDefinition:
    """Return a check that blocks the release when it finds a problem in the finished files."""
    expected = (problems.__doc__ or name).split("\n")[0]

    @dg.asset_check(
        asset=FOLDER,
        name=name,
        **CHECK,
        description=expected,
    )
    @refusals()
    def check(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        quarter = quarter_of(context.partition_key)
        edition, files = edition_under_way(quarter), kept_files(quarter, FOLDER)
        found = problems(expected_of(release_of(quarter, edition)), files)
        return gate_verdict(quarter, edition, name, expected, found)

    return check


def gate_verdict(
    quarter: Quarter, edition: int, name: str, expected: str, found: list[str]
) -> dg.AssetCheckResult:
    """Return what a gate says of the problems that it found in the files of a version."""
    wrong = [CheckFinding(f"gate {name}", one.rstrip("."), expected.rstrip(".")) for one in found]
    return dg.AssetCheckResult(
        passed=not found,
        description=_refusal(name, found) or f"{quarter.label} v{edition}: as expected.",
        metadata={**shown(quarter, wrong, MEND), "version": str(edition)},
    )


def _refusal(name: str, problems: list[str]) -> str | None:
    """Say in a sentence or two what a gate found; None when it found nothing."""
    if not problems:
        return None
    more = f" And {len(problems) - NAMED_PROBLEMS} more." if len(problems) > NAMED_PROBLEMS else ""
    found = " ".join(problems[:NAMED_PROBLEMS])
    return with_ways(f"The gate {name} stops the release: {found}{more} {MEND}")


CHECKS = [gate(name, problems) for name, problems in GATES.items()]


MADE = [*MADE_BEFORE, EVERY_STEP, EDITION, FOLDER]
CHECKED = [*CHECKED_BEFORE, *(key for check in CHECKS for key in check.check_keys)]


@dg.asset(
    key=RELEASE,
    ins={"edition": dg.AssetIn(EDITION), "files": dg.AssetIn(FOLDER)},
    deps=[EVERY_STEP],
    description=(
        "The release folder, written last and by a whole build only: a draft until it is signed "
        "off, immutable afterwards."
    ),
    kinds={"report"},
    **room("publications"),
)
@refusals()
def written(
    context: dg.AssetExecutionContext, edition: int, files: dict[str, bytes]
) -> dg.MaterializeResult[None]:
    """Write the checked files as a version of the quarter's release, and which run wrote them."""
    require_whole(context, MADE, CHECKED)
    report("Writing the release folder")
    state, quarter = settings(), quarter_of_run(context)
    manifest = _sha(files["manifest.json"])
    with releasing(state):
        place = write_version(state, quarter, edition, files)
        draft = lay_draft(state, quarter, edition)
        notice = lay_notice(state, quarter, edition)
        run = Run(context.run_id, state.code_version, now(state).isoformat(), manifest)
        record_run(state, quarter, edition, run)
        open_ones = [one for one in lacking(state, quarter, edition) if not one.explanation]
    return dg.MaterializeResult(
        metadata={
            "version": str(edition),
            "folder": str(place.relative_to(state.home)),
            "draft to read": str(draft.relative_to(state.home)),
            "notice to read": notice.place(state.home) if notice else "none: it corrects nothing",
            "manifest sha256": manifest,
            "release at": moment_in_words(release_at(quarter)),
            **forms_for(context.partition_key, manifest, open_ones),
        }
    )


def forms_for(
    partition: str, manifest: str, open_ones: Sequence[Lack]
) -> dict[str, dg.MarkdownMetadataValue]:
    """Return links to the forms of what a person does next: sign off, or explain what is open."""
    if not open_ones:
        given = {"manifest": manifest[:16]}
        return {"sign off": form_link(SIGN, "publications__sign_off", Approval, partition, given)}
    wanted = {"because": {one.about: None for one in open_ones}}
    step = "publications__explanations"
    rows = [(one.about, one.words) for one in open_ones]
    frame = pl.DataFrame(rows, schema=["short name", "to be explained"], orient="row")
    return {
        "before sign-off": preview(frame, 60),
        "explain": form_link(EXPLAIN, step, Explained, partition, wanted),
    }


ASSETS = [every_step, edition, gathered, written]
