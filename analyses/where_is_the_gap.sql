-- Question: in which role, tool or place is the distance between certified and adopted
-- concentrated?
-- Say: "<share_of_missing_adopters> of the people we still miss are <dimension_value>; their
-- adoption differs from the others' beyond chance where p_value_adjusted is below 0.05."

with

certification_gaps as (

    select * from {{ ref('certification_gaps') }}

    where
        program_id = 'all'
        and tool_id = 'all'
        and checkpoint_day = {{ var('checkpoint_days') | max }}
        and dimension in ('role_group', 'tool', 'department', 'location', 'role_group_tool')
        and n_eligible >= {{ display_floor() }}

),

answer as (

    select
        dimension,
        gap_rank,
        dimension_value,
        completion_rate,
        adoption_rate,
        certification_gap,
        missing_adopters,
        share_of_missing_adopters,
        p_value_adjusted

    from certification_gaps

    where gap_rank <= 5

)

select * from answer
order by dimension, gap_rank
