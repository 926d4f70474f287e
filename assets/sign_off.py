"""Assets of the last steps, which people start: sign-off and publication."""

from datetime import datetime

import dagster as dg
import polars as pl

from assets.account import account_in
from assets.common import room
from assets.forms import Approval, Correct, VersionChoice, form_link
from assets.metadata import preview
from assets.partitions import quarter_of_run
from assets.publications import RELEASE
from assets.refusals import refusals, require_one_quarter
from assets.runs import CORRECT, PUBLISH, SIGN, releasing
from operations.home.clock import LONDON, now
from operations.home.settings import Settings, settings
from operations.releases.approvals import TIME
from operations.releases.changes import check_changes
from operations.releases.choice import chosen, drafts_after
from operations.releases.publishing import check_asked, in_words, lateness, publish, sign_off
from operations.releases.release_records import Publication, SignOff, publication, sign_offs
from operations.releases.release_store import published_at
from operations.stores.returns import questions_in_words

CORRECTION = "publications__correction"
SIGN_OFF = dg.AssetKey(["publications", "sign_off"])
SITE = dg.AssetKey(["publications", "site"])


@dg.asset(
    key=SIGN_OFF,
    deps=[RELEASE],
    description="A person's approval of the files that they read, whose manifest they name.",
    **room("publications"),
    kinds={"json"},
)
@refusals(SIGN)
def signed(context: dg.AssetExecutionContext, config: Approval) -> dg.MaterializeResult[None]:
    """Record who approves the newest version of the quarter's release, which they have read."""
    require_one_quarter(context, "Sign-off")
    state, quarter = settings(), quarter_of_run(context)
    account = account_in(context)
    asked = SignOff(
        name=config.name,
        role=config.role,
        note=config.note,
        signed_at=now(state).isoformat(),
        manifest_sha256=config.manifest,
        reason=config.reason,
        account=account.name,
        known_by=account.known_by,
    )
    with releasing(state):
        check_changes(state, quarter, check_asked(state, quarter, asked)[0])
        version, approval = sign_off(state, quarter, asked)
    return dg.MaterializeResult(
        metadata={
            "version": str(version),
            "signed off by": approval.name,
            "role": approval.role,
            "known": str(account),
            "when": f"{datetime.fromisoformat(approval.signed_at):{TIME}} (London)",
            "note": approval.note or "none",
            "reason of a correction": approval.reason or "no correction",
            "questions to areas": questions_in_words(state, quarter),
            "manifest sha256": approval.manifest_sha256,
            "approvals": preview(_approvals(sign_offs(state, quarter, version))),
        }
    )


def _approvals(approvals: list[SignOff]) -> pl.DataFrame:
    """One row per approval of a version, oldest first: who, in which role, when, which note."""
    rows = [
        (one.name, one.role, f"{datetime.fromisoformat(one.signed_at):{TIME}}", one.note)
        for one in approvals
    ]
    return pl.DataFrame(rows, schema=["signed off by", "role", "when", "note"], orient="row")


@dg.asset(
    key=SITE,
    deps=[RELEASE, SIGN_OFF],
    description=(
        "The public site, switched in one step, with the newest version or the signed one that is "
        "named. Refuses without a sign-off of exactly these files, "
        "before the time of release that was signed, and when a version that is public already "
        "is not as it was published."
    ),
    **room("publications"),
    kinds={"report"},
)
@refusals(PUBLISH)
def site(context: dg.AssetExecutionContext, config: VersionChoice) -> dg.MaterializeResult[None]:
    """Publish the newest version of the quarter's release, or the signed one that is named."""
    require_one_quarter(context, "Publication")
    state, quarter, named = settings(), quarter_of_run(context), config.named()
    with releasing(state):
        wanted = chosen(state, quarter, named)
        check_changes(state, quarter, wanted)
        was_public = published_at(state, quarter, wanted) is not None
        version, _ = publish(state, quarter, now(state), named)
        newer = drafts_after(state, quarter, version)
        made = publication(state, quarter, version)
    return dg.MaterializeResult(
        metadata={
            "version": str(version),
            "published": on_time(state, made) if made else "not recorded",
            "this run": "found it public already" if was_public else "published it",
            "site": "site/index.html",
            "newer and not signed off": ", ".join(f"v{v}" for v in newer) or "none",
            "correct": form_link(CORRECT, CORRECTION, Correct, context.partition_key, {}),
        }
    )


def on_time(state: Settings, made: Publication) -> str:
    """Say when a version went out, and how late that was."""
    at, late = made.published_at.astimezone(LONDON), lateness(state, made)
    return f"{at:{TIME}}" + (f", late by {in_words(late)}" if late else ", as announced")


ASSETS = [signed, site]
