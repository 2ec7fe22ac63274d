-- One row per release of a tool that changes what a course has to teach. released_on NULL: planned.

with

tool_releases as (

    select
        {{ reference_columns(ref('tool_releases'), {
            'tool_id': 'string',
            'release_name': 'string',
            'released_on': 'date',
            'note': 'string'
        }) }}

    from {{ ref('tool_releases') }}

)

select * from tool_releases
