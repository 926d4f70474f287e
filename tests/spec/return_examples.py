"""Drawn examples of the row rules: a row that keeps them all, and for each rule what breaks it.

Cells are text, as in the file; context columns are values. A change to None blanks the cell.
"""

# ruff: noqa: E501 - one example a line
from __future__ import annotations

from datetime import date
from typing import Any

from schemas.returns import PACK

Change = dict[str, Any]

PARTICIPANT: Change = {
    "participant_ref": "EN01-01000001", "nino": "AB001234C", "episode_no": "1", "birth_year_month": "1984-05",
    "sex": "F", "ethnicity_code": "W_BRI", "residence_la_code": "E09000009", "postcode_district": "W5",
    "out_of_area_reason": None, "eligibility_route": "HEALTH", "disadv_groups": None, "disability_ea2010": "Y",
    "condition_primary": "MH_COMMON", "condition_count": "1", "impairment_list": "MENTAL_HEALTH;MEMORY",
    "employment_status_start": "OOW_INACTIVE", "months_since_work": "14", "benefit_start": "UC_LCWRA",
    "highest_qual": "L2", "model": "IPS", "journey_type": "OUT_OF_WORK", "referral_route": "GP_PRIMARY",
    "referral_date": "2026-05-01", "start_date": "2026-05-20", "vocational_profile_date": "2026-06-01",
    "specialist_ref": "S-001", "delivery_org_code": "LA-01", "setting_type_start": "GP_PRACTICE",
    "end_date": "2026-08-31", "end_reason": "COMPLETED_IN_WORK", "consent_evaluation": "Y", "free_text_note": None,
    "period_end": date(2026, 9, 30), "area_opened_on": date(2025, 4, 14), "residence_is_in_area": True,
    "residence_was_recoded": False, "residence_retired_on": None, "occurrence": 1, "is_copy": False, "has_earlier_episode": False, "earlier_end_date": None,
    "organisation_is_listed": True, "nino_is_shared": False, "nino_is_used_at_once": False,
    "nino_is_shared_elsewhere": False, "is_elsewhere": False, "before_start_date": None, "before_model": None,
    "before_referral_route": None, "before_referral_date": None, "before_sex": None, "before_end_date": None,
    "birth_was_changed": False, "unsent_until": None,
}  # fmt: skip
EVENT: Change = {
    "event_ref": "EN01-E0000001", "participant_ref": "EN01-01000001", "episode_no": "1", "event_type": "JOB_START",
    "event_date": "2026-07-15", "employment_type": "EMPLOYEE", "weekly_hours": "20.5", "hourly_pay": "13.10",
    "sector_sic_section": "Q", "employer_size": "10_49", "evidence_type": None, "cumulative_earnings": None,
    "weeks_in_work": None, "measure_type": None, "attended": None,
    "period_end": date(2026, 9, 30), "occurrence": 1, "is_copy": False, "episode_is_listed": True, "episode_is_accepted": True,
    "episode_start_date": date(2026, 5, 20), "episode_end_date": date(2026, 8, 31), "episode_journey_type": "OUT_OF_WORK",
    "job_starts_so_far": 1, "job_ends_so_far": 0, "lower_outcomes_so_far": 0, "first_job_start": date(2026, 7, 15),
    "minimum_wage": 12.71, "unsent_until": None,
}  # fmt: skip
NO_JOB: Change = dict.fromkeys(
    ("employment_type", "weekly_hours", "hourly_pay", "sector_sic_section", "employer_size")
)
OUTCOME: Change = {**NO_JOB, "event_type": "OUTCOME_LOWER", "evidence_type": "PAYSLIP", "weeks_in_work": "13",
                   "first_job_start": date(2026, 4, 1), "lower_outcomes_so_far": 1}  # fmt: skip
MEASURE: Change = {
    **NO_JOB,
    "event_type": "SUPPORT_MEASURE",
    "measure_type": "SKILLS",
    "attended": "Y",
}
FIGURE: Change = {
    "measure_code": "SETTINGS_EMBEDDED", "breakdown_1_type": "setting_type", "breakdown_1_value": "GP_PRACTICE",
    "breakdown_2_type": None, "breakdown_2_value": None, "breakdown_3_type": None, "breakdown_3_value": None,
    "value": "12", "unit": "SETTINGS", "as_at": "2026-09-30", "comment": None,
    "period_end": date(2026, 9, 30), "occurrence": 1, "organisation_is_listed": True, "settings_total": 40.0,
    "previous_value": 10.0, "counted": None, "counted_starts": 50.0, "specialists_fte": 3.0, "claimed_in_year": None,
    "claimed_to_date": None, "claim_lacks_allocation": False, "claims_gone": 0, "earlier_value": 10.0, "earlier_settings_total": 40.0,
    "specialists_headcount": 4.0, "headcount_in_all": None, "specialists_named": 5.0, "starts_in_quarter": 20.0, "retention_cases": 2.0,
    "active_in_quarter": 30.0, "not_started_on_route": None, "counted_on_route": None, "unread_starts": 0.0, "unread_people": 0.0, "unread_events": 0.0,
}  # fmt: skip
CASELOAD: Change = {"measure_code": "CASELOAD", "breakdown_1_type": "model", "breakdown_1_value": "IPS", "unit": "PEOPLE",
                    "value": "60", "counted": 60.0}  # fmt: skip
CLAIM: Change = {"measure_code": "FUNDING_CLAIMED", "breakdown_1_type": "financial_year", "breakdown_1_value": "2026-27",
                 "breakdown_2_type": "funding_category", "breakdown_2_value": "DELIVERY",
                 "breakdown_3_type": "delivery_organisation", "breakdown_3_value": "ORG-01", "unit": "POUNDS"}  # fmt: skip
GRANT: Change = {"measure_code": "FUNDING_ALLOCATED", "breakdown_1_type": "financial_year", "breakdown_1_value": "2026-27",
                 "unit": "POUNDS", "value": "1000", "claimed_in_year": 1000.0}  # fmt: skip
SPECIALISTS: Change = {"measure_code": "SPECIALISTS_FTE", "breakdown_1_type": "model", "breakdown_1_value": "IPS", "unit": "FTE",
                       "value": "3"}  # fmt: skip
HEADCOUNT: Change = {
    **SPECIALISTS,
    "measure_code": "SPECIALISTS_HEADCOUNT",
    "unit": "PEOPLE",
    "headcount_in_all": 5.0,
}
REVIEW: Change = {"measure_code": "FIDELITY_SCORE", "breakdown_1_type": "model", "breakdown_1_value": "IPS",
                  "breakdown_2_type": "reviewer", "breakdown_2_value": "SELF", "breakdown_3_type": "review_date",
                  "breakdown_3_value": "2026-09-30", "unit": "SCORE", "value": "100"}  # fmt: skip
HELPED: Change = {"measure_code": "MEASURE_PEOPLE", "breakdown_1_type": "measure_type", "breakdown_1_value": "SKILLS",
                  "unit": "PEOPLE", "value": "40"}  # fmt: skip
WAITING: Change = {"measure_code": "REFERRALS_NOT_STARTED", "breakdown_1_type": "not_started_reason", "breakdown_1_value": "WAITING",
                   "breakdown_2_type": "referral_route", "breakdown_2_value": "SELF", "unit": "PEOPLE", "value": "3",
                   "not_started_on_route": 7.0, "counted_on_route": 7.0}  # fmt: skip
MANIFEST: Change = {
    "template_id": "ctw-return", "template_version": PACK.template_version, "delivery_area_code": "CTW-EN01", "period_id": "2026-27Q2",
    "submission_sequence": "1", "prepared_at": "2026-10-20T14:05:00+01:00", "prepared_by_role": "Performance analyst",
    "contact_email": "returns@council.example", "data_protection_checked": "true", "signed_off_by": "S151",
    "nil_return": "false", "synthetic": "true", "notes": None,
}  # fmt: skip
FILE: Change = {"name": "participants.csv", "sha256": "0" * 64, "rows": "12"}
ORGANISATION: Change = {
    "delivery_org_code": "ORG-01",
    "organisation_kind": "VOLUNTARY",
    "national_identifier": "CHARITY-1012345",
    "occurrence": 1,
}

RIGHT: dict[str, Change] = {
    "participants": PARTICIPANT, "events": EVENT, "aggregate": FIGURE, "manifest": MANIFEST,
    "manifest_files": FILE, "organisations": ORGANISATION,
}  # fmt: skip

NOT_STARTED: Change = dict.fromkeys((
    "start_date", "employment_status_start", "benefit_start", "highest_qual", "model", "journey_type", "specialist_ref",
    "delivery_org_code", "setting_type_start", "vocational_profile_date", "end_date", "end_reason", "consent_evaluation",
))  # fmt: skip
IN_WORK: Change = {"employment_status_start": "IN_WORK_AT_RISK", "journey_type": "IN_WORK_RETENTION", "months_since_work": None,
                   "end_date": "2026-08-31"}  # fmt: skip

# rule: (a change that keeps it, a change that breaks it)
EXAMPLES: dict[str, tuple[Change, Change]] = {
    "participants.start_is_not_before_referral": ({"start_date": "2026-05-01"}, {"start_date": "2026-04-30"}),
    "participants.referral_is_within_the_period": ({"referral_date": "2026-09-30", **NOT_STARTED}, {"referral_date": "2026-10-01", **NOT_STARTED}),
    "participants.start_is_within_the_period": ({"start_date": "2026-09-30"}, {"start_date": "2026-10-01"}),
    "participants.end_is_within_the_period": ({"end_date": "2026-09-30"}, {"end_date": "2026-10-01"}),
    "participants.end_is_not_before_start": ({"end_date": "2026-05-20"}, {"end_date": "2026-05-19"}),
    "participants.end_needs_a_start": ({}, {**NOT_STARTED, "end_date": "2026-08-31", "end_reason": "OTHER"}),
    "participants.end_reason_needs_an_end": ({"end_date": None, "end_reason": None}, {"end_date": None}),
    "participants.vocational_profile_is_not_before_start": ({"vocational_profile_date": "2026-05-20"}, {"vocational_profile_date": "2026-05-19"}),
    "participants.not_started_has_nothing_of_a_start": (NOT_STARTED, {"start_date": None}),
    "participants.disabled_route_needs_disability": ({"eligibility_route": "DISABLED"}, {"eligibility_route": "DISABLED", "disability_ea2010": "NS"}),
    "participants.health_route_needs_a_condition": ({"condition_primary": "NS"}, {"condition_primary": "NONE"}),
    "participants.in_work_needs_the_retention_journey": (IN_WORK, {**IN_WORK, "journey_type": "OUT_OF_WORK"}),
    "participants.retention_journey_needs_work": (IN_WORK, {"journey_type": "IN_WORK_RETENTION"}),
    "participants.in_work_has_no_months_since_work": (IN_WORK, {**IN_WORK, "months_since_work": "3"}),
    "participants.is_18_or_over": ({"birth_year_month": "2008-05"}, {"birth_year_month": "2008-06"}),
    "participants.is_75_or_under": ({"birth_year_month": "1950-06"}, {"birth_year_month": "1950-05"}),
    "participants.is_66_or_under": ({"birth_year_month": "1959-06"}, {"birth_year_month": "1959-05"}),
    "participants.support_is_no_longer_than_allowed": (
        {"referral_date": "2025-05-01", "start_date": "2025-05-20", "end_date": "2026-06-20"},
        {"referral_date": "2025-05-01", "start_date": "2025-05-20", "end_date": "2026-06-21"}),
    "participants.support_has_not_overrun": (
        {"referral_date": "2025-08-01", "start_date": "2025-08-30", "end_date": None, "end_reason": None},
        {"referral_date": "2025-08-01", "start_date": "2025-08-29", "end_date": None, "end_reason": None}),
    "participants.referral_is_not_before_the_area_opened": ({"area_opened_on": date(2026, 5, 1)}, {"area_opened_on": date(2026, 5, 2)}),
    "participants.start_is_not_before_the_area_opened": ({"area_opened_on": date(2026, 5, 20)}, {"area_opened_on": date(2026, 5, 21)}),
    "participants.start_is_within_the_programme": (
        {"referral_date": "2025-03-20", "start_date": "2025-04-01", "end_date": None, "end_reason": None},
        {"referral_date": "2025-03-20", "start_date": "2025-03-31", "end_date": None, "end_reason": None}),
    "participants.out_of_area_needs_a_reason": ({"residence_is_in_area": False, "out_of_area_reason": "MOVED"}, {"residence_is_in_area": False}),
    "participants.authority_code_is_current": (
        {"residence_was_recoded": True, "residence_retired_on": date(2026, 5, 20)},
        {"residence_was_recoded": True, "residence_retired_on": date(2026, 5, 21)}),
    "participants.authority_code_was_current": (
        {"residence_was_recoded": True, "residence_retired_on": date(2026, 5, 21)},
        {"residence_was_recoded": True, "residence_retired_on": date(2026, 5, 20)}),
    "participants.content_stands_under_one_reference": ({}, {"is_copy": True}),
    "events.content_stands_under_one_reference": ({}, {"is_copy": True}),
    "events.higher_outcome_has_its_weeks": (
        {**OUTCOME, "event_type": "OUTCOME_HIGHER", "weeks_in_work": "26", "first_job_start": date(2026, 1, 14)},
        {**OUTCOME, "event_type": "OUTCOME_HIGHER", "weeks_in_work": "25", "first_job_start": date(2026, 1, 14)}),
    "aggregate.embedded_is_within_the_earlier_total": (
        {"settings_total": None, "earlier_settings_total": 12.0}, {"settings_total": None, "earlier_settings_total": 11.0}),
    "aggregate.retention_is_a_small_share_of_the_caseload": (
        {**CASELOAD, "value": "100", "counted": 100.0, "specialists_fte": 9.0, "retention_cases": 15.0},
        {**CASELOAD, "value": "100", "counted": 100.0, "specialists_fte": 9.0, "retention_cases": 16.0}),
    "aggregate.starts_are_within_staffing": ({**SPECIALISTS, "starts_in_quarter": 75.0}, {**SPECIALISTS, "starts_in_quarter": 76.0}),
    "aggregate.full_time_specialists_are_within_the_headcount": ({**SPECIALISTS, "value": "4"}, {**SPECIALISTS, "value": "4.1"}),
    "aggregate.specialists_named_are_in_post": ({**HEADCOUNT, "specialists_named": 6.0}, {**HEADCOUNT, "specialists_named": 7.0}),
    "aggregate.fidelity_score_is_within_the_scale": ({**REVIEW, "value": "125"}, {**REVIEW, "value": "126"}),
    "aggregate.fidelity_is_fair_or_better": ({**REVIEW, "value": "74"}, {**REVIEW, "value": "73"}),
    "aggregate.review_is_not_after_the_day": (REVIEW, {**REVIEW, "breakdown_3_value": "2026-10-01"}),
    "aggregate.not_started_agree_with_the_records": (WAITING, {**WAITING, "counted_on_route": 8.0}),
    "aggregate.people_supported_were_active": ({**HELPED, "previous_value": 10.0}, {**HELPED, "previous_value": 9.0}),
    "aggregate.unit_cost_is_plausible": (
        {**GRANT, "value": "9000000", "counted_starts": 100.0, "claimed_to_date": 600_000.0},
        {**GRANT, "value": "9000000", "counted_starts": 100.0, "claimed_to_date": 600_001.0}),
    "aggregate.claims_have_an_allocation": (CLAIM, {**CLAIM, "claim_lacks_allocation": True}),
    "aggregate.claims_stay": (GRANT, {**GRANT, "claims_gone": 1}),
    "participants.nino_is_given_within_two_quarters": (
        {"nino": None, "start_date": "2026-03-30", "referral_date": "2026-03-01"},
        {"nino": None, "start_date": "2026-03-29", "referral_date": "2026-03-01"}),
    "participants.nino_is_given": ({}, {"nino": None}),
    "participants.is_listed_once": ({}, {"occurrence": 2}),
    "participants.episode_follows_the_last": (
        {"has_earlier_episode": True, "earlier_end_date": date(2026, 5, 20)},
        {"has_earlier_episode": True, "earlier_end_date": date(2026, 5, 21)}),
    "participants.organisation_is_in_the_manifest": ({}, {"organisation_is_listed": False}),
    "participants.sex_is_unchanged": ({"before_sex": "F"}, {"before_sex": "M"}),
    "participants.birth_year_month_is_unchanged": ({"birth_was_changed": False}, {"birth_was_changed": True}),
    "participants.end_date_stays": ({"before_end_date": date(2026, 8, 30)}, {"before_end_date": date(2026, 8, 30), "end_date": None, "end_reason": None}),
    "participants.start_is_sent_in_time": ({"unsent_until": date(2026, 8, 20)}, {"unsent_until": date(2026, 8, 21)}),
    "events.event_is_sent_in_time": ({"unsent_until": date(2027, 1, 15)}, {"unsent_until": date(2027, 1, 16)}),
    "participants.start_date_is_unchanged": ({"before_start_date": date(2026, 5, 20)}, {"before_start_date": date(2026, 5, 19)}),
    "participants.model_is_unchanged": ({"before_model": "IPS"}, {"before_model": "SEQF"}),
    "participants.referral_route_is_unchanged": ({"before_referral_route": "GP_PRIMARY"}, {"before_referral_route": "SELF"}),
    "participants.referral_date_is_unchanged": ({"before_referral_date": date(2026, 5, 1)}, {"before_referral_date": date(2026, 5, 2)}),
    "participants.nino_is_of_one_person": ({}, {"nino_is_shared": True}),
    "participants.nino_has_one_episode_at_a_time": ({}, {"nino_is_used_at_once": True}),
    "participants.nino_is_of_one_person_across_areas": ({}, {"nino_is_shared_elsewhere": True}),
    "participants.person_is_in_one_area": ({}, {"is_elsewhere": True}),
    "events.event_is_within_the_period": ({"event_date": "2026-09-30"}, {"event_date": "2026-10-01"}),
    "events.only_jobs_have_job_fields": (MEASURE, {**MEASURE, "weekly_hours": "20"}),
    "events.only_measures_have_measure_fields": (MEASURE, {"attended": "Y"}),
    "events.job_has_enough_hours": ({"weekly_hours": "4"}, {"weekly_hours": "3.9"}),
    "events.employees_have_pay": ({"employment_type": "SELF_EMPLOYED", "hourly_pay": None}, {"hourly_pay": None}),
    "events.lower_outcome_has_its_weeks": (OUTCOME, {**OUTCOME, "weeks_in_work": "12"}),
    "events.is_listed_once": ({}, {"occurrence": 2}),
    "events.event_belongs_to_an_episode": ({}, {"episode_is_listed": False, "episode_is_accepted": None}),
    "events.episode_was_accepted": ({}, {"episode_is_accepted": False}),
    "events.episode_has_started": ({}, {"episode_start_date": None}),
    "events.event_is_not_before_the_start": ({"event_date": "2026-05-20"}, {"event_date": "2026-05-19"}),
    "events.event_is_within_the_outcome_window": ({"episode_end_date": date(2025, 1, 15)}, {"episode_end_date": date(2025, 1, 14)}),
    "events.support_is_within_the_episode": ({**MEASURE, "event_date": "2026-08-31"}, {**MEASURE, "event_date": "2026-09-01"}),
    "events.job_event_follows_a_job_start": (OUTCOME, {**OUTCOME, "job_starts_so_far": 0}),
    "events.job_ends_are_no_more_than_starts": (
        {**NO_JOB, "event_type": "JOB_END", "job_ends_so_far": 1}, {**NO_JOB, "event_type": "JOB_END", "job_ends_so_far": 2}),
    "events.higher_outcome_follows_a_lower": (
        {**OUTCOME, "event_type": "OUTCOME_HIGHER"}, {**OUTCOME, "event_type": "OUTCOME_HIGHER", "lower_outcomes_so_far": 0}),
    "events.outcome_has_had_time": (OUTCOME, {**OUTCOME, "weeks_in_work": "30"}),
    "events.retention_needs_the_retention_journey": (
        {**NO_JOB, "event_type": "RETENTION_4M", "episode_journey_type": "IN_WORK_RETENTION"}, {**NO_JOB, "event_type": "RETENTION_4M"}),
    "events.pay_is_not_below_the_minimum_wage": ({"hourly_pay": "12.71"}, {"hourly_pay": "12.70"}),
    "aggregate.breakdowns_fit_the_measure": (CLAIM, {"breakdown_1_type": "model", "breakdown_1_value": "IPS"}),
    "aggregate.breakdown_1_is_known": ({}, {"breakdown_1_value": "PUB"}),
    "aggregate.breakdown_2_is_known": (CLAIM, {**CLAIM, "breakdown_2_value": "LUNCH"}),
    "aggregate.breakdown_3_is_known": (CLAIM, {**CLAIM, "breakdown_3_value": "a b"}),
    "aggregate.unit_is_that_of_the_measure": ({}, {"unit": "PEOPLE"}),
    "aggregate.value_is_whole": ({"value": "12.00"}, {"value": "12.50"}),
    "aggregate.as_at_ends_a_quarter": ({"as_at": "2026-06-30"}, {"as_at": "2026-07-31"}),
    "aggregate.as_at_is_within_the_period": ({}, {"as_at": "2026-12-31"}),
    "aggregate.is_listed_once": ({}, {"occurrence": 2}),
    "aggregate.organisation_is_in_the_manifest": (CLAIM, {**CLAIM, "organisation_is_listed": False}),
    "aggregate.embedded_is_within_the_total": ({"value": "12", "settings_total": 12.0}, {"value": "12", "settings_total": 11.0}),
    "aggregate.large_change_of_settings_has_a_comment": ({"value": "16", "comment": "A new team"}, {"value": "16"}),
    "aggregate.total_agrees_with_the_records": (CASELOAD, {**CASELOAD, "counted": 59.0}),
    "aggregate.caseload_is_manageable": ({**CASELOAD, "value": "75", "counted": 75.0}, {**CASELOAD, "value": "76", "counted": 76.0}),
    "aggregate.caseload_has_specialists": (CASELOAD, {**CASELOAD, "specialists_fte": 0.0}),
    "aggregate.people_supported_are_within_starts": (
        {"measure_code": "MEASURE_PEOPLE", "breakdown_1_type": "measure_type", "breakdown_1_value": "SKILLS", "unit": "PEOPLE", "value": "50"},
        {"measure_code": "MEASURE_PEOPLE", "breakdown_1_type": "measure_type", "breakdown_1_value": "SKILLS", "unit": "PEOPLE", "value": "51"}),
    "aggregate.claims_are_within_the_allocation": (GRANT, {**GRANT, "claimed_in_year": 1001.0}),
    "aggregate.claims_do_not_fall": ({**CLAIM, "value": "10"}, {**CLAIM, "value": "9"}),
    "manifest.data_protection_is_checked": ({}, {"data_protection_checked": "false"}),
    "organisations.is_listed_once": ({}, {"occurrence": 2}),
}  # fmt: skip

# What a field's condition needs before a blank breaks the rule that it is given.
WHEN_NEEDED: dict[str, Change] = {
    "participants.disadv_groups": {"eligibility_route": "DISADV"},
    "events.evidence_type": OUTCOME,
    "events.weeks_in_work": OUTCOME,
    "events.measure_type": MEASURE,
    "events.attended": MEASURE,
}

# The other ends of the bands, and what keeps a rule from asking about the same cell a second time:
# the rule, the change, and whether the rule is broken.
OTHER_ENDS: list[tuple[str, Change, bool]] = [
    ("aggregate.unit_cost_is_plausible", {**GRANT, "counted_starts": 100.0, "claimed_to_date": 250_000.0}, False),
    ("aggregate.unit_cost_is_plausible", {**GRANT, "counted_starts": 100.0, "claimed_to_date": 249_999.0}, True),
    ("aggregate.unit_cost_is_plausible", {**GRANT, "counted_starts": 99.0, "claimed_to_date": 1.0}, False),
    ("aggregate.fidelity_score_is_within_the_scale", {**REVIEW, "value": "25"}, False),
    ("aggregate.fidelity_score_is_within_the_scale", {**REVIEW, "value": "24"}, True),
    ("aggregate.fidelity_is_fair_or_better", {**REVIEW, "value": "24"}, False),
    ("aggregate.fidelity_is_fair_or_better", {**REVIEW, "value": "73", "comment": "A plan is agreed"}, False),
    ("aggregate.fidelity_is_fair_or_better", {**REVIEW, "breakdown_1_value": "SEQF", "value": "9"}, False),
    ("aggregate.review_is_not_after_the_day", {**REVIEW, "breakdown_3_value": "2026-02-30"}, True),
    ("events.higher_outcome_has_its_weeks", {**OUTCOME, "event_type": "OUTCOME_HIGHER", "weeks_in_work": "12"}, False),
    ("events.higher_outcome_has_its_weeks", OUTCOME, False),
    ("aggregate.people_supported_were_active", {**HELPED, "value": "51", "previous_value": 0.0}, False),
]  # fmt: skip
