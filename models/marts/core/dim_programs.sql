-- One row per training program, and one for `all`, which stands for the learner-tool units whatever
-- the program.

with

programs as (

    select * from {{ ref('stg_reference__programs') }}

),

described as (

    select
        program_id,
        program_name,
        track,
        starts_on,
        ends_on,
        lower(coalesce(completion_rule, 'any')) as completion_rule,
        coalesce(completion_window_days, {{ var('completion_window_days') }})
            as completion_window_days,
        coalesce(adoption_target, {{ var('default_adoption_target') }}e0) as adoption_target,
        metric_owner

    from programs

    union all

    select
        'all' as program_id,
        'All training, whatever the program' as program_name,
        cast(null as string) as track,
        cast(null as date) as starts_on,
        cast(null as date) as ends_on,
        'any' as completion_rule,
        {{ var('completion_window_days') }} as completion_window_days,
        {{ var('default_adoption_target') }}e0 as adoption_target,
        cast(null as string) as metric_owner

)

select * from described
