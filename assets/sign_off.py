"""Assets of the last steps, which people start: sign-off and publication."""

import dagster as dg
from pydantic import Field

from assets.changes import check_changes
from assets.clock import now
from assets.io import settings
from assets.partitions import QUARTERLY, quarter_of
from assets.publications import RELEASE, TAGS
from assets.publishing import publish, sign_off
from assets.release_store import latest, sign_offs
from assets.returns import OWNERS
from assets.runs import releasing

SIGN_OFF = dg.AssetKey(["publications", "sign_off"])
SITE = dg.AssetKey(["publications", "site"])


class Approval(dg.Config):
    """Who approves the release, in which role, and with what note."""

    name: str = Field(description="The person who approves, by name")
    role: str = Field(description="The role in which they approve, such as Head of Profession")
    note: str = Field(default="", description="What was checked, in a sentence")


@dg.asset(
    key=SIGN_OFF,
    deps=[RELEASE],
    group_name="publications",
    description="A person's approval of exactly these files: it names the manifest by its hash.",
    partitions_def=QUARTERLY,
    owners=OWNERS,
    kinds={"json"},
    tags=TAGS,
)
def signed(context: dg.AssetExecutionContext, config: Approval) -> dg.MaterializeResult[None]:
    """Record who approves the newest version of the quarter's release."""
    state, quarter = settings(), quarter_of(context.partition_key)
    with releasing(state):
        check_changes(state, quarter, latest(state, quarter))
        version, approval = sign_off(
            state, quarter, config.name, config.role, config.note, now(state)
        )
    return dg.MaterializeResult(
        metadata={
            "version": version,
            "role": approval.role,
            "manifest sha256": approval.manifest_sha256,
            "approvals": len(sign_offs(state, quarter, version)),
        }
    )


@dg.asset(
    key=SITE,
    deps=[RELEASE, SIGN_OFF],
    group_name="publications",
    description=(
        "The public site, switched in one step. Refuses without a sign-off of exactly these files "
        "and before 09:30 London time on the release date."
    ),
    partitions_def=QUARTERLY,
    owners=OWNERS,
    kinds={"html"},
    tags=TAGS,
)
def site(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Publish the newest version of the quarter's release."""
    state, quarter = settings(), quarter_of(context.partition_key)
    with releasing(state):
        check_changes(state, quarter, latest(state, quarter))
        version, _ = publish(state, quarter, now(state))
    return dg.MaterializeResult(metadata={"version": version, "site": "site/index.html"})


ASSETS = [signed, site]
