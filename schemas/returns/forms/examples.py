"""Rows that an area could send: one made-up person, a job, and the figures that go with them."""

from __future__ import annotations

from datetime import date

import reference
from schemas.quarter import Quarter
from schemas.returns.declaration import Pack, Return
from schemas.returns.pack import PACK

Rows = tuple[dict[str, str | None], ...]
ORGANISATION = "ORG-01"


def example_rows(area: str, quarter: Quarter, pack: Pack = PACK) -> dict[str, Rows]:
    """Return rows of each return by its name, which keep all rules once the area has opened.

    Values are text, None where blank. A field that no example knows gets the example of its kind
    when it is required.
    """
    day = _day(area, quarter)
    person = {"participant_ref": f"{area[4:]}-00000001", "episode_no": "1"}
    known = {
        "organisations": ({"delivery_org_code": ORGANISATION, "organisation_kind": "VOLUNTARY"},),
        "participants": ({**person, **_participant(area, day)},),
        "events": ({**person, **_event(area, day)},),
        "aggregate": _figures(quarter.end),
    }
    return {
        declared.name: tuple(_whole(row, declared) for row in known[declared.name])
        for declared in (pack.organisations, *pack.files)
    }


def _whole(row: dict[str, str], declared: Return) -> dict[str, str | None]:
    """Return a row with every field of its return."""
    return {
        field.name: row.get(
            field.name,
            field.kind.example if field.required is True else None,
        )
        for field in declared.fields
    }


def _day(area: str, quarter: Quarter) -> date:
    """Return the first day of a quarter on which an area was open, or else its first day."""
    opened = dict(reference.rollout().select("delivery_area_code", "open_to_participants").rows())
    first = date.fromisoformat(opened[area]) if opened.get(area) else quarter.start
    return first if quarter.start <= first <= quarter.end else quarter.start


def _home(area: str) -> str:
    """Return the code of a local authority in an area."""
    homes = reference.local_authorities().filter(delivery_area_code=area)["la_code"]
    return str(homes.sort()[0])


def _participant(area: str, day: date) -> dict[str, str]:
    return {
        "nino": f"AB00{area[-2:]}01C",
        "birth_year_month": "1984-05",
        "sex": "F",
        "ethnicity_code": "A_IND",
        "residence_la_code": _home(area),
        "eligibility_route": "HEALTH",
        "disability_ea2010": "NS",
        "condition_primary": "MSK",
        "employment_status_start": "OOW_UNEMPLOYED",
        "months_since_work": "14",
        "benefit_start": "UC_LCWRA",
        "highest_qual": "L2",
        "model": "IPS",
        "journey_type": "OUT_OF_WORK",
        "referral_route": "GP_PRIMARY",
        "referral_date": day.isoformat(),
        "start_date": day.isoformat(),
        "specialist_ref": "S-001",
        "delivery_org_code": ORGANISATION,
        "setting_type_start": "GP_PRACTICE",
        "consent_evaluation": "Y",
    }


def _event(area: str, day: date) -> dict[str, str]:
    return {
        "event_ref": f"{area[4:]}-E0000001",
        "event_type": "JOB_START",
        "event_date": day.isoformat(),
        "employment_type": "EMPLOYEE",
        "weekly_hours": "20.5",
        "hourly_pay": "15.25",
        "sector_sic_section": "Q",
        "employer_size": "10_49",
    }


def _figures(end: date) -> tuple[dict[str, str], ...]:
    by_setting = {"breakdown_1_type": "setting_type", "breakdown_1_value": "GP_PRACTICE"}
    by_model = {"breakdown_1_type": "model", "breakdown_1_value": "IPS"}
    figures: tuple[tuple[str, str, str, dict[str, str]], ...] = (
        ("SETTINGS_EMBEDDED", "2", "SETTINGS", by_setting),
        ("SPECIALISTS_FTE", "1.5", "FTE", by_model),
        ("CASELOAD", "1", "PEOPLE", by_model),
        ("STARTS_TO_DATE", "1", "PEOPLE", {}),
        ("JOB_STARTS_TO_DATE", "1", "JOBS", {}),
        ("OUTCOMES_TO_DATE", "0", "OUTCOMES", {}),
    )
    return tuple(
        {"measure_code": code, "value": value, "unit": unit, "as_at": end.isoformat(), **by}
        for code, value, unit, by in figures
    )
