-- One row per organisation that delivers or is paid in a delivery area, from the packs that count.
select
    current_submissions.delivery_area || '/' || organisations.delivery_org_code as contributor,
    current_submissions.delivery_area,
    organisations.delivery_org_code,
    organisations.organisation_kind,
    organisations.organisation_kind = 'PUBLIC' as contributor_is_public
from organisations
join current_submissions on current_submissions.submission_id = organisations.submission_id
