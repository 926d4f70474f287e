-- One row per organisation that delivers or is paid in a delivery area, from the packs that count.
-- An organisation with a national identifier is the same contributor in every area that gives it.
select
    coalesce(
        organisations.national_identifier,
        current_submissions.delivery_area || '/' || organisations.delivery_org_code
    ) as contributor,
    current_submissions.delivery_area,
    organisations.delivery_org_code,
    organisations.national_identifier,
    organisations.organisation_kind,
    organisations.organisation_kind = 'PUBLIC' as contributor_is_public
from organisations
join current_submissions on current_submissions.submission_id = organisations.submission_id
