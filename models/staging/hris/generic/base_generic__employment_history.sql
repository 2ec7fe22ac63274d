-- One row per row delivered. The newest snapshot replaces the older ones and is kept whole:
-- versions of one row are told apart downstream by recorded_at. Only an exact copy is superseded.

{% set columns = {
    'employee_id': 'text',
    'valid_from': 'date',
    'valid_to': 'date',
    'seq': 'bigint',
    'manager_employee_id': 'text',
    'job_title': 'text',
    'job_family': 'text',
    'role_group': 'text',
    'department': 'text',
    'division': 'text',
    'location': 'text',
    'cost_center': 'text',
    'employment_status': 'text',
    'is_primary': 'boolean',
    'valid_basis': 'code',
    'recorded_at': 'timestamp',
} %}
{% set required_values = ['employee_id'] %}

with

source as (

    select * from {{ source('generic_hris', 'employment_history') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_hris', 'employment_history'), columns) }},
        {{ contract_problem(
            source('generic_hris', 'employment_history'), columns, required_values
        ) }}
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
                {{ columns | join(',\n                ') }},
                is_newest_delivery,
                problem is null
            order by source_file desc
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
        substr({{ sha256_text('delivered_text') }}, 1, 16) as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
