-- One row per published success story of a program.

with

success_stories as (

    select
        {{ reference_columns(ref('success_stories'), {
            'story_id': 'string',
            'program_id': 'string',
            'published_on': 'date',
            'title': 'string'
        }) }}

    from {{ ref('success_stories') }}

)

select * from success_stories
