"""The jobs: the quarterly build, what people decide, publication and the reminder to areas."""

from typing import TypedDict

import dagster as dg

from assets.common import OWNERS, TEAM
from assets.correct import CORRECTION
from assets.executor import in_turn
from assets.explain import EXPLANATIONS
from assets.feedback import FEEDBACK
from assets.known_wrong import KNOWN_ERRORS
from assets.partitions import QUARTERLY, named
from assets.reminder import REMINDER
from assets.runs import (
    BUILD,
    CORRECT,
    EXPLAIN,
    FEED_BACK,
    KNOWN_WRONG,
    PUBLISH,
    QUEUED,
    REMIND,
    SIGN,
    TREAT,
    WAIVE,
)
from assets.sign_off import SIGN_OFF, SITE
from assets.treat import TREATMENT
from assets.waive import WAIVER

NOT_BUILT = dg.AssetSelection.assets(
    *(CORRECTION, EXPLANATIONS, KNOWN_ERRORS, TREATMENT, WAIVER, SIGN_OFF, SITE, REMINDER, FEEDBACK)
)
OWNED = {"team": TEAM}

# What is launched for a quarter bears its name from the start, also while it waits.
BY_QUARTER = dg.PartitionedConfig(
    QUARTERLY, run_config_for_partition_key_fn=lambda _: {}, tags_for_partition_key_fn=named
)


class OfQuarter(TypedDict):
    """What every job has: one quarter, its assets made one after the other, and its owners."""

    partitions_def: dg.TimeWindowPartitionsDefinition
    config: dg.PartitionedConfig[dg.TimeWindowPartitionsDefinition]
    executor_def: dg.ExecutorDefinition
    owners: list[str]


OF_QUARTER = OfQuarter(
    partitions_def=QUARTERLY, config=BY_QUARTER, executor_def=in_turn, owners=OWNERS
)

quarterly_build = dg.define_asset_job(
    BUILD,
    selection=dg.AssetSelection.all() - NOT_BUILT,
    description="Return packs in, a protected and checked draft release out, for one quarter.",
    **OF_QUARTER,
    tags={**OWNED, **QUEUED},
)
explain_quality = dg.define_asset_job(
    EXPLAIN,
    selection=dg.AssetSelection.assets(EXPLANATIONS),
    description="Say, in words for the public, why areas are missing and checks did not pass.",
    **OF_QUARTER,
    tags=OWNED,
)
treat_missing = dg.define_asset_job(
    TREAT,
    selection=dg.AssetSelection.assets(TREATMENT),
    description="Choose how missing returns are treated, as the Head of Profession.",
    **OF_QUARTER,
    tags=OWNED,
)
accept_questions = dg.define_asset_job(
    WAIVE,
    selection=dg.AssetSelection.assets(WAIVER),
    description="Accept questions to an area for a time: who, why and until when.",
    **OF_QUARTER,
    tags=OWNED,
)
correct_release = dg.define_asset_job(
    CORRECT,
    selection=dg.AssetSelection.assets(CORRECTION),
    description="Ask for a correction of the public version: why, how grave, and who asks.",
    **OF_QUARTER,
    tags=OWNED,
)
name_wrong_tables = dg.define_asset_job(
    KNOWN_WRONG,
    selection=dg.AssetSelection.assets(KNOWN_ERRORS),
    description="Tell readers that figures are wrong which a held-back correction cannot change.",
    **OF_QUARTER,
    tags=OWNED,
)
sign_off_release = dg.define_asset_job(
    SIGN,
    selection=dg.AssetSelection.assets(SIGN_OFF),
    description="Approve the newest version of a quarter's release by name, exactly as it is.",
    **OF_QUARTER,
    tags=OWNED,
)
publish_release = dg.define_asset_job(
    PUBLISH,
    selection=dg.AssetSelection.assets(SITE),
    description="Publish a signed-off release at or after 09:30 London time on its release date.",
    **OF_QUARTER,
    tags=OWNED,
)
remind_areas = dg.define_asset_job(
    REMIND,
    selection=dg.AssetSelection.assets(REMINDER),
    description="List the areas that have sent nothing for a quarter yet.",
    **OF_QUARTER,
    tags=OWNED,
)
feed_back = dg.define_asset_job(
    FEED_BACK,
    selection=dg.AssetSelection.assets(FEEDBACK),
    description="Write what each area gets back once a quarter is public.",
    **OF_QUARTER,
    tags=OWNED,
)

JOBS = [
    quarterly_build,
    explain_quality,
    treat_missing,
    accept_questions,
    correct_release,
    name_wrong_tables,
    sign_off_release,
    publish_release,
    remind_areas,
    feed_back,
]
