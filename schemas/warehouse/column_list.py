"""Every column of the warehouse, once: those of the return as it declares them, then our own."""

from __future__ import annotations

from collections.abc import Iterable

import reference
from schemas.declared import declaring_file
from schemas.errors import DeclarationError
from schemas.fields import Code
from schemas.returns import PACK, judged_columns
from schemas.warehouse.shape import RelationColumn

NOT_STATED = "NS"
DATE, TEXT, WHOLE, NUMBER, YES_NO = "DATE", "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"
MOMENT = "TIMESTAMP WITH TIME ZONE"

# Codes of the participant's episode, by which any people can be counted.
CODED = {
    declared.name: declared.kind.name
    for declared in PACK.participants.fields
    if type(declared.kind) is Code and not declared.identifier
}
PLACES = {"local_authority": "dim_la.la_code", "delivery_area": "dim_delivery_area.delivery_area"}


def has_not_stated(code_list: str) -> bool:
    """Say whether a code list has a code for what was not stated."""
    return code_list not in PLACES and NOT_STATED in reference.leaves(code_list)


def _of_the_return() -> dict[str, RelationColumn]:
    kinds = {
        declared.name: declared.kind.name
        for file in PACK.returns
        for declared in file.fields
        if type(declared.kind) is Code
    }
    columns: dict[str, RelationColumn] = {}
    for frame in judged_columns().values():
        for landed in frame:
            code_list = kinds.get(landed.name, "")
            refers_to = PLACES.get(code_list, code_list and f"codes.{code_list}")
            columns.setdefault(
                landed.name, RelationColumn(landed.name, landed.sql_type, landed.comment, refers_to)
            )
    return columns


def _own(sql_type: str, **comments: str) -> dict[str, RelationColumn]:
    return {name: RelationColumn(name, sql_type, comment) for name, comment in comments.items()}


def _referring(refers_to: str, name: str, comment: str) -> dict[str, RelationColumn]:
    return {name: RelationColumn(name, TEXT, comment, refers_to)}


COLUMNS: dict[str, RelationColumn] = {
    **_of_the_return(),
    **_referring("dim_delivery_area.delivery_area", "delivery_area", "Delivery area"),
    **_referring("dim_period.quarter", "quarter", "Financial quarter, such as 2026-27Q2"),
    **_referring("dim_period.quarter", "first_quarter", "First quarter for which it was given"),
    **_referring("dim_period.quarter", "last_quarter", "Last quarter for which it was given"),
    **_referring("codes.age_band", "age_band", "Age band at start, or at referral if not started"),
    **_referring("codes.setting_type", "setting_type", "Type of health setting"),
    **_referring("codes.funding_category", "funding_category", "What the grant was claimed for"),
    **_referring("codes.reviewer", "reviewer", "Who made the fidelity review"),
    **_referring("quarters.quarter", "planned_quarter", "Quarter of the plan; it may lie ahead"),
    **_own(
        TEXT,
        participant_id="The person where the number is known and not in doubt, else the episode",
        referral_quarter="Quarter of the referral, or in which the area opened if that was later",
        start_quarter="Quarter of the start, or in which the area opened; null while not started",
        end_quarter="Quarter in which support ended; null while it goes on",
        reported_quarter="Quarter of the pack that the row comes from",
        quarter_label="The quarter as shown, such as 2026-27 Q2",
        financial_year="Financial year, April to March, such as 2026-27",
        delivery_area_name="Name of the delivery area",
        nation="Code of the nation",
        region="Code of the region; in Wales, of the nation",
        region_name="Name of the region; in Wales, of the nation",
        accountable_body="Body that holds the grant and sends the return",
        funding_route="How the area is funded: grant or Integrated Settlement",
        la_code="Code of the lower-tier or unitary authority",
        la_name="Name of the authority",
        upper_tier_code="Code of the upper-tier authority",
        successor_code="Code that replaced a retired one; null for a current code",
        code_list="Name of the code list",
        code="Code",
        label="What the code stands for",
        parent="Code of the group that holds this code; null at the top",
        condition="Health condition",
        disadvantaged_group="Specified disadvantaged group",
        contributor="Organisation that claimed: its national identifier, or without one delivery "
        "area / its own code; null for the area",
        mark="'z' before the area opened, 'x' without a return for the quarter, else ''",
        state="State of the release date: provisional, confirmed or cancelled",
        open_mark="V when the opening date is verified, I when this project inferred it",
        planned_mark="V when the plan is verified, I when this project inferred it",
        old_code="Retired code",
        old_name="Name of the retired authority",
        new_code="Code that replaced it",
    ),
    **_own(
        DATE,
        opened_on="Day the area opened to participants",
        valid_from="First day the row is valid; null when not known",
        valid_to="Last day the row is valid; null while it is",
        quarter_start="First day of the quarter",
        quarter_end="Last day of the quarter, the reference date of stocks",
        returns_due="Day the returns of the quarter are due",
        returns_lock="Day after which returns wait for the next release",
        release_date="Day of the release",
        funding_announced_on="Day the funding was announced; null when not known",
        job_start_date="Day the job started",
        job_end_date="Day the job ended; null while it goes on",
        review_date="Day of the fidelity review",
        effective_date="Day the code changed",
    ),
    **_own(
        MOMENT,
        known_from="When this became known: receipt of the submission",
        known_to="When this was superseded; null while it stands",
    ),
    **_own(
        WHOLE,
        quarter_number="1 for April to June, up to 4",
        age_from="Youngest age of the band in whole years",
        age_to="Oldest age of the band in whole years; null for the last",
        start_number="1 for the participant's first start, then 2, 3",
        job_number="1 for the participant's first job start that counts, then 2, 3; else null",
        outcome_number="1 for the participant's first outcome of this type, then 2, 3",
        participant_version="1 for the first attributes reported, then 2, 3",
        settings_embedded="Settings with an embedded specialist, last day; null when not reported",
        settings_total="Settings of the type in the area; null when not reported",
        sessions="Specialist sessions a week in settings of the type; null when not reported",
        staff="Specialists in post on the last day, people; 1 is assumed when not reported",
        specialists_headcount="Specialists in post, people",
        reported_caseload="Active caseload that the area reported, people",
        funding_allocated="Grant allocated in the quarter, pounds, negative when it was reduced; "
        "null if not reported",
        funding_allocated_to_date="Grant allocated for the financial year, as then reported, "
        "pounds",
        funding_claimed="Grant claimed in the quarter, pounds; null when not reported",
        funding_claimed_to_date="Grant claimed to date in the financial year, pounds",
        funding_announced="Funding announced for the whole programme, pounds; null if not known",
        planned_starts="Planned starts in the quarter, people; null when not known",
        planned_participants="Participants planned for the whole programme, people",
        areas_open="1 when the area was open on the last day of the quarter, else 0",
        days_late="Days after the due date that the return came, 0 when on time; null without one",
        submission_count="Submissions received for the quarter",
        finding_count="Findings",
    ),
    **_own(
        NUMBER,
        specialists_fte="Specialists in post, full-time equivalent",
        vacancies_fte="Vacancies, full-time equivalent",
        team_leads_fte="Team leads, full-time equivalent",
        fidelity_score="Total score of the fidelity review, 25 to 125",
    ),
    **_own(
        YES_NO,
        is_reference_quarter="The quarter that the warehouse was built for",
        is_of_programme="The programme plans starts in this quarter",
        is_current="Stands now: not superseded, or valid on the last day of the quarter",
        is_accepted="The submission was accepted, in whole or part",
        is_leaf="A row can hold the code: it groups no others",
        is_estimate="The figure is this project's own estimate",
        contributor_is_public="The organisation is a public body",
        is_referred_in_quarter="Referred in this quarter",
        is_started_in_quarter="Started in this quarter",
        is_started="Started by the last day of the quarter",
        is_ended="Support ended by the last day of the quarter",
        is_in_support="Started and not ended on the last day of the quarter",
        has_job_start="A job start by the last day of the quarter",
        has_lower_outcome="The lower threshold reached by the last day of the quarter",
        has_higher_outcome="The higher threshold reached by the last day of the quarter",
    ),
}


def columns(names: str | Iterable[str]) -> tuple[RelationColumn, ...]:
    """Return the columns of these names, or raise `DeclarationError` for an unknown one."""
    listed = names.split() if isinstance(names, str) else list(names)
    unknown = [name for name in listed if name not in COLUMNS]
    if unknown:
        raise DeclarationError(
            f"The columns {unknown} are not in schemas/warehouse/column_list.py. Declare them "
            "there with a type and a comment.",
            declaring_file(),
        )
    return tuple(COLUMNS[name] for name in listed)
