"""Every relation of the warehouse: one declaration, one `.sql` file of the same name."""

from __future__ import annotations

from schemas.errors import DeclarationError
from schemas.returns import PACK, landing_columns
from schemas.returns.landing import PROVENANCE
from schemas.warehouse.columns import CODED, columns
from schemas.warehouse.relation import Group, Relation

ATTRIBUTES = tuple(
    column.name for column in landing_columns(PACK.participants) if column not in PROVENANCE
)
CHARACTERISTICS = "episode_id " + " ".join(CODED) + " age_band"
PEOPLE = "delivery_area quarter " + CHARACTERISTICS
CODE_COLUMNS = "label parent is_leaf"


def _declare(group: Group, name: str, grain: str, key: str, names: str, **more: str) -> Relation:
    return Relation(
        name,
        group,
        grain,
        columns(names),
        tuple(key.split()),
        tuple(more.get("required", "").split()),
        tuple(more.get("open", "").split()),
    )


def dimension(name: str, grain: str, key: str, names: str, **more: str) -> Relation:
    """Declare a dimension."""
    return _declare("dimension", f"dim_{name}", grain, key, names, **more)


def code_dimension(name: str, column: str, what: str) -> Relation:
    """Declare a dimension that is a code list."""
    grain = f"One row per {what} valid on the last day of the quarter, groups included."
    return dimension(name, grain, column, f"{column} {CODE_COLUMNS}")


def fact(name: str, grain: str, key: str, names: str, **more: str) -> Relation:
    """Declare a fact."""
    return _declare("fact", f"fact_{name}", grain, key, names, **more)


def step(name: str, grain: str, key: str, names: str, **more: str) -> Relation:
    """Declare a relation that others are made from."""
    return _declare("step", name, grain, key, names, **more)


def population(name: str, grain: str, key: str, names: str, **more: str) -> Relation:
    """Declare what is counted."""
    return _declare("population", name, grain, key, names, **more)


def people(name: str, grain: str, key: str = "episode_id") -> Relation:
    """Declare people to be counted, with every coded characteristic."""
    required = "delivery_area quarter episode_id age_band"
    return population(name, grain, key, PEOPLE, required=required)


STEPS = (
    step(
        "current_submissions",
        "One row per delivery area with an accepted return: the submission that counts for the "
        "quarter.",
        "delivery_area",
        "delivery_area submission_id quarter submission_sequence received_at",
    ),
    step(
        "episodes",
        "One row per episode of the packs that count, with the quarters of referral, start and "
        "end.",
        "episode_id",
        "episode_id participant_id delivery_area episode_no referral_date start_date end_date "
        "referral_quarter start_quarter end_quarter reported_quarter specialist_id",
        required="participant_id delivery_area referral_quarter",
    ),
    step(
        "characteristics",
        "One row per episode of the packs that count: its coded characteristics, 'NS' where not "
        "stated.",
        "episode_id",
        CHARACTERISTICS,
    ),
    step(
        "current_events",
        "One row per dated event of the packs that count, with the participant it happened to.",
        "event_id",
        "event_id episode_id participant_id delivery_area quarter event_type event_date "
        "employment_type weekly_hours hourly_pay sector_sic_section employer_size evidence_type "
        "cumulative_earnings weeks_in_work measure_type attended",
        required="episode_id participant_id delivery_area quarter",
    ),
    step(
        "current_aggregates",
        "One row per measure, breakdown and quarter end of the packs that count, up to the "
        "quarter.",
        "delivery_area quarter measure_code breakdown_1_value breakdown_2_value breakdown_3_value",
        "delivery_area quarter measure_code breakdown_1_value breakdown_2_value "
        "breakdown_3_value value unit",
        open="breakdown_1_value breakdown_2_value breakdown_3_value",
    ),
)

DIMENSIONS = (
    dimension(
        "period",
        "One row per quarter from the start of the programme to the reference quarter.",
        "quarter",
        "quarter quarter_label financial_year quarter_number quarter_start quarter_end "
        "returns_due returns_lock release_date is_reference_quarter",
    ),
    dimension(
        "region",
        "One row per region of England and, for Wales, the nation, as valid on the last day of "
        "the quarter.",
        "region",
        "region region_name nation",
    ),
    dimension(
        "delivery_area",
        "One row per delivery area and span of validity, with its nation and best-fit region.",
        "delivery_area valid_from",
        "delivery_area delivery_area_name nation region accountable_body funding_route opened_on "
        "valid_from valid_to is_current",
    ),
    dimension(
        "la",
        "One row per local authority code and successor: current codes, and retired ones until "
        "they ended.",
        "la_code successor_code",
        "la_code la_name upper_tier_code region delivery_area successor_code valid_from valid_to",
        open="successor_code",
    ),
    dimension(
        "submission",
        "One row per submission of a period up to the quarter, with the span of time in which it "
        "counted.",
        "submission_id",
        "submission_id delivery_area quarter submission_sequence template_version status "
        "is_accepted received_at prepared_at rows_received rows_accepted rows_rejected queries "
        "synthetic known_from known_to is_current",
    ),
    dimension(
        "participant",
        "One row per episode and span of time in which its attributes were reported unchanged.",
        "episode_id participant_version",
        " ".join(ATTRIBUTES) + " delivery_area known_from participant_version known_to is_current",
        required="delivery_area known_from",
    ),
    dimension(
        "provider",
        "One row per organisation that delivers or is paid in a delivery area, from the packs "
        "that count.",
        "contributor",
        "contributor delivery_area delivery_org_code organisation_kind contributor_is_public",
    ),
    dimension(
        "rule",
        "One row per rule of the return, as the catalogue stands.",
        "rule_id",
        "rule_id file field category severity message",
    ),
    dimension(
        "age_band",
        "One row per age band, with its youngest and oldest age in whole years; the last has no "
        "oldest.",
        "age_band",
        "age_band label age_from age_to",
    ),
    code_dimension("model", "model", "support model"),
    code_dimension("referral_route", "referral_route", "referral route"),
    code_dimension("setting_type", "setting_type", "type of health setting"),
    code_dimension("condition", "condition", "health condition"),
    code_dimension("measure_type", "measure_type", "support measure"),
    code_dimension("end_reason", "end_reason", "reason of ending"),
    code_dimension("group", "disadvantaged_group", "specified disadvantaged group"),
)

FACTS = (
    fact(
        "submission",
        "One row per submission of a period up to the quarter: its rows, its queries and its "
        "lateness.",
        "submission_id",
        "submission_id delivery_area quarter submission_sequence status is_current "
        "rows_received rows_accepted rows_rejected queries days_late",
    ),
    fact(
        "finding",
        "One row per submission, rule and field with findings: how many there were.",
        "submission_id rule_id field severity",
        "submission_id delivery_area quarter rule_id field severity finding_count",
    ),
    fact(
        "return_quality",
        "One row per delivery area and quarter: the status of its latest return and what it held.",
        "delivery_area quarter",
        "delivery_area quarter status submission_count rows_received rows_accepted rows_rejected "
        "queries days_late",
        required="status",
    ),
    fact(
        "participant_quarter",
        "One row per episode and quarter, from its referral to the last quarter its area reported.",
        "episode_id quarter",
        "episode_id participant_id delivery_area quarter start_date is_referred_in_quarter "
        "is_started_in_quarter is_started is_ended is_in_support has_job_start "
        "has_lower_outcome has_higher_outcome",
    ),
    fact(
        "start",
        "One row per episode started; the first start of each participant is marked.",
        "episode_id",
        "episode_id participant_id delivery_area quarter start_date start_number",
    ),
    fact(
        "job",
        "One row per job start, with the end of that job where one was reported before the next "
        "job.",
        "event_id",
        "event_id episode_id participant_id delivery_area quarter job_start_date job_end_date "
        "employment_type weekly_hours hourly_pay sector_sic_section employer_size evidence_type "
        "job_number",
    ),
    fact(
        "outcome",
        "One row per lower or higher threshold outcome or job kept for four months; firsts are "
        "numbered 1.",
        "event_id",
        "event_id episode_id participant_id delivery_area quarter event_type event_date "
        "cumulative_earnings weeks_in_work outcome_number",
    ),
    fact(
        "support_event",
        "One row per support measure offered to a participant.",
        "event_id",
        "event_id episode_id participant_id delivery_area quarter event_date measure_type attended",
    ),
    fact(
        "setting_stock",
        "One row per delivery area, quarter end and type of health setting.",
        "delivery_area quarter setting_type",
        "delivery_area quarter setting_type settings_embedded settings_total sessions",
    ),
    fact(
        "staffing_stock",
        "One row per delivery area, quarter end and support model: staff in post and their "
        "caseload.",
        "delivery_area quarter model",
        "delivery_area quarter model specialists_headcount specialists_fte vacancies_fte "
        "team_leads_fte reported_caseload",
    ),
    fact(
        "fidelity",
        "One row per delivery area, support model, reviewer and day of a fidelity review: the "
        "last score.",
        "delivery_area model reviewer review_date",
        "delivery_area model reviewer review_date fidelity_score",
    ),
    fact(
        "allocation",
        "One row per delivery area and financial year: the grant allocated, as last reported.",
        "delivery_area financial_year",
        "delivery_area financial_year quarter funding_allocated",
        required="quarter",
    ),
    fact(
        "funding",
        "One row per delivery area, quarter, funding category and organisation: the grant claimed.",
        "delivery_area quarter financial_year funding_category contributor",
        "delivery_area quarter financial_year funding_category contributor "
        "funding_claimed_to_date funding_claimed",
    ),
    fact(
        "plan",
        "One row per delivery area and quarter from its opening to the last of the programme.",
        "delivery_area planned_quarter",
        "delivery_area planned_quarter planned_starts is_estimate",
    ),
)

POPULATIONS = (
    people(
        "starts",
        "One row per participant who has started: the first start, in the area that made it.",
    ),
    people("referrals", "One row per episode referred, in the quarter of the referral."),
    people(
        "caseload",
        "One row per participant in support on the last day of a quarter, in the area of the "
        "latest start.",
        "episode_id quarter",
    ),
    people(
        "job_starts",
        "One row per participant who has started a job: the first job start since referral.",
    ),
    people(
        "lower_outcomes",
        "One row per participant who has reached the lower threshold: the first time.",
    ),
    people(
        "higher_outcomes",
        "One row per participant who has reached the higher threshold: the first time.",
    ),
    population(
        "health_settings",
        "One row per delivery area, quarter and type of health setting.",
        "delivery_area quarter setting_type",
        "delivery_area quarter setting_type settings_embedded staff",
        required="settings_embedded staff",
    ),
    population(
        "funding",
        "One row per delivery area, quarter and organisation that claimed, and one per year "
        "allocated.",
        "delivery_area quarter contributor",
        "delivery_area quarter contributor contributor_is_public funding_allocated funding_claimed",
        required="contributor_is_public funding_allocated funding_claimed",
        open="contributor",
    ),
    population(
        "rollout",
        "One row per delivery area and quarter: whether it was open to participants on the last "
        "day.",
        "delivery_area quarter",
        "delivery_area quarter areas_open",
        required="areas_open",
    ),
    population(
        "announcements",
        "One row per delivery area: what had been announced by the last day of the quarter.",
        "delivery_area",
        "delivery_area funding_announced funding_announced_on opened_on is_estimate",
    ),
    population(
        "plans",
        "One row per delivery area and quarter from its opening to the reference quarter.",
        "delivery_area quarter",
        "delivery_area quarter planned_starts is_estimate",
        required="planned_starts is_estimate",
    ),
    population(
        "availability",
        "One row per delivery area and quarter: 'z' before it opened, 'x' without its return, "
        "else ''.",
        "delivery_area quarter",
        "delivery_area quarter mark",
        required="mark",
    ),
)

RELATIONS: tuple[Relation, ...] = (*STEPS, *DIMENSIONS, *FACTS, *POPULATIONS)


def relation(name: str) -> Relation:
    """Return the relation of that name, or raise `DeclarationError`."""
    for declared in RELATIONS:
        if declared.name == name:
            return declared
    raise DeclarationError(
        f"The warehouse has no relation {name!r}; it has "
        + ", ".join(sorted(declared.name for declared in RELATIONS))
    )
