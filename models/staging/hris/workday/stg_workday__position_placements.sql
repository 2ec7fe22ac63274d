-- One row per part of a position version in one supervisory organisation. A version is the known
-- one between two sync times; the organisations known then split it. The parts touch and cover
-- exactly its period.

with

positions as (

    select
        worker_id,
        employee_id,
        position_id,
        is_primary,
        business_title,
        job_family,
        location,
        recorded_at,
        source_record_id,
        extracted_at,
        source_file,
        valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to,
        recorded_from,
        coalesce(recorded_until, cast({{ still() }} as timestamp)) as recorded_until,
        -- A version entered late was superseded before it was known: its own moment counts.
        greatest(
            coalesce(recorded_until, cast({{ still() }} as timestamp)),
            recorded_from + interval '1' second
        ) as known_until

    from {{ ref('stg_workday__position_periods') }}

),

position_organizations as (

    select
        worker_id,
        position_id,
        organization_id,
        coalesce(recorded_from, cast({{ always() }} as timestamp)) as recorded_from,
        coalesce(recorded_until, cast({{ still() }} as timestamp)) as recorded_until

    from {{ ref('stg_workday__position_organizations') }}

),

-- one position version : the organisations known while it was the known version (an organisation
-- known from its start holds from its effective date); without any it keeps one row
in_organizations as (

    select
        positions.worker_id,
        positions.employee_id,
        positions.position_id,
        positions.is_primary,
        positions.business_title,
        positions.job_family,
        positions.location,
        positions.recorded_at,
        positions.source_record_id,
        positions.extracted_at,
        positions.source_file,
        position_organizations.organization_id,
        positions.valid_from as effective_date,
        case
            when position_organizations.recorded_from > positions.recorded_from
                then
                    greatest(
                        positions.valid_from, cast(position_organizations.recorded_from as date)
                    )
            else positions.valid_from
        end as valid_from,
        case
            when
                position_organizations.recorded_until < positions.recorded_until
                then least(
                    positions.valid_to,
                    greatest(
                        positions.valid_from, cast(position_organizations.recorded_until as date)
                    )
                )
            else positions.valid_to
        end as valid_to

    from positions

    left join position_organizations
        on positions.worker_id = position_organizations.worker_id
        and positions.position_id = position_organizations.position_id
        and positions.known_until > position_organizations.recorded_from
        and positions.recorded_from < position_organizations.recorded_until

),

placements as (

    select * from in_organizations

    where valid_from < valid_to

)

select * from placements
