-- One row per row delivered. A value that is delivered again for the same period is a restatement
-- and replaces the earlier one.

{% set columns = {
    'subject_type': 'code',
    'subject_id': 'text',
    'metric_id': 'code',
    'period_start': 'date',
    'period_end': 'date',
    'value': 'double',
    'exposure': 'double',
} %}
{% set required_values = [
    'subject_type', 'subject_id', 'metric_id', 'period_start', 'period_end',
] %}

with

source as (

    select * from {{ source('generic_lms', 'outcomes') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_lms', 'outcomes'), columns) }},
        {{ contract_problem(source('generic_lms', 'outcomes'), columns, required_values) }}
            as problem,
        {{ row_as_text(columns) }} as delivered_text,
        source_file,
        extracted_at

    from source

),

ranked as (

    select
        {{ columns | join(',\n        ') }},
        problem,
        delivered_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by
                subject_type, subject_id, metric_id, period_start, period_end,
                problem is null
            order by extracted_at desc, source_file desc, delivered_text desc
        ) as delivery_rank

    from parsed

),

judged as (

    select
        {{ columns | join(',\n        ') }},
        case
            when problem is not null then 'quarantined'
            when delivery_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when problem is not null then problem
            when delivery_rank > 1 then 'delivered_again'
        end as status_reason,
        delivered_text as raw_text,
        coalesce(cast(subject_type as string), '')
        || '|' || coalesce(cast(subject_id as string), '')
        || '|' || coalesce(cast(metric_id as string), '')
        || '|' || coalesce(cast(period_start as string), '')
        || '|' || coalesce(cast(period_end as string), '')
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
