-- One row per row delivered. An answer that is delivered again replaces its earlier copy.

{% set columns = {
    'response_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'survey_kind': 'code',
    'question_id': 'text',
    'value_number': 'double',
    'value_text': 'text',
    'responded_at': 'timestamp',
} %}
{% set required_values = ['response_id', 'question_id'] %}

with

source as (

    select * from {{ source('generic_lms', 'surveys') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_lms', 'surveys'), columns) }},
        {{ contract_problem(source('generic_lms', 'surveys'), columns, required_values) }}
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
                response_id, question_id,
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
        coalesce(cast(response_id as string), '')
        || '|' || coalesce(cast(question_id as string), '')
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
