-- One row per row delivered. The newest snapshot replaces the older ones, so a leave that is no
-- longer in it is withdrawn.

{% set columns = {
    'employee_id': 'text',
    'leave_start': 'date',
    'leave_end': 'date',
    'leave_type': 'text',
} %}
{% set required_values = ['employee_id', 'leave_start'] %}

with

source as (

    select * from {{ source('generic_hris', 'leave_periods') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_hris', 'leave_periods'), columns) }},
        {{ contract_problem(source('generic_hris', 'leave_periods'), columns, required_values) }}
            as problem,
        {{ row_as_text(columns) }} as delivered_text,
        is_newest_delivery,
        source_file,
        extracted_at

    from source

),

ranked as (

    select
        {{ columns | join(',\n        ') }},
        problem,
        delivered_text,
        is_newest_delivery,
        source_file,
        extracted_at,
        row_number() over (
            partition by
                employee_id, leave_start,
                is_newest_delivery,
                problem is null
            order by source_file desc, delivered_text desc
        ) as delivery_rank

    from parsed

),

judged as (

    select
        {{ columns | join(',\n        ') }},
        case
            when not is_newest_delivery then 'superseded'
            when problem is not null then 'quarantined'
            when delivery_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when not is_newest_delivery then 'older_snapshot'
            when problem is not null then problem
            when delivery_rank > 1 then 'repeated_in_snapshot'
        end as status_reason,
        delivered_text as raw_text,
        coalesce(cast(employee_id as string), '')
        || '|' || coalesce(cast(leave_start as string), '')
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
