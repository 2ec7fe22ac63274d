-- Question: in which role, tool or place is the distance between certified and adopted
-- concentrated?
-- Say: the column `sentence`. Adopters are missing to the target; where groups are many, some of
-- them differ by chance, which p_value_adjusted allows for.

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
        p_value_adjusted,
        {{ told_reason('dimension') }} || ' ' || dimension_value || ': '
        || case
            when share_of_missing_adopters is null then 'no adopter is missing to the target.'
            else
                {{ told_percent('share_of_missing_adopters') }}
                || ' of what groups below the target lack to it on day '
                || cast(checkpoint_day as string) || '. '
                || case
                    when n_assigned >= {{ display_floor() }}
                        then
                            {{ told_percent('completion_rate') }}
                            || ' of those assigned completed, '
                    else ''
                end
                || {{ told_percent('adoption_rate') }} || ' of those judged adopted'
                || case
                    when p_value_adjusted < 0.05 then ', significantly different from the rest.'
                    when p_value_adjusted >= 0.05
                        then ', not significantly different from the rest.'
                    else '.'
                end
        end as sentence

    from certification_gaps

    where gap_rank <= 5

)

select * from answer
order by dimension, gap_rank
