-- One row per row delivered. The newest snapshot replaces the older ones, so a course that is no
-- longer in it is withdrawn.

{% set columns = {
    'course_id': 'text',
    'source_course_id': 'text',
    'version': 'text',
    'title': 'text',
    'provider': 'text',
    'kind': 'code',
    'delivery_format': 'text',
    'is_role_specific': 'boolean',
    'duration_minutes': 'double',
    'published_at': 'timestamp',
    'last_updated_at': 'timestamp',
    'parent_course_id': 'text',
    'equivalent_to': 'text',
} %}
{% set required_values = ['course_id'] %}

with

source as (

    select * from {{ source('generic_lms', 'courses') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_lms', 'courses'), columns) }},
        {{ contract_problem(source('generic_lms', 'courses'), columns, required_values) }}
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
                course_id,
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
        course_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
