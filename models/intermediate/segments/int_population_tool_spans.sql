-- One row per employee, tool and period of int_population_spans from the first training or use of
-- the tool on, cut where the other of the two comes later.
--
-- Whoever was neither trained for a tool nor used it has no row: most people and tools.

with

{% set attributes = [
    'track', 'audience', 'role_group', 'department', 'location', 'manager_group', 'is_new_12w',
    'is_new_4w'
] %}
population_spans as (

    select * from {{ ref('int_population_spans') }}

),

first_training_and_use as (

    select
        employee_id,
        tool_id,
        coalesce(completion_date, {{ still() }}) as completion_date,
        coalesce(first_use_week_end, {{ still() }}) as first_use_week_end

    from {{ ref('int_first_training_and_use') }}

),

-- many tools : many periods of the person. Periods of people without training or use are excluded.
with_tools as (

    select
        first_training_and_use.employee_id,
        first_training_and_use.tool_id,
        population_spans.valid_from,
        population_spans.valid_to,
        {% for attribute in attributes %}
        population_spans.{{ attribute }},
        {% endfor %}
        least(
            first_training_and_use.completion_date, first_training_and_use.first_use_week_end
        ) as first_date,
        greatest(
            first_training_and_use.completion_date, first_training_and_use.first_use_week_end
        ) as second_date,
        first_training_and_use.completion_date < first_training_and_use.first_use_week_end
            as is_trained_first

    from first_training_and_use

    inner join population_spans
        on first_training_and_use.employee_id = population_spans.employee_id

),

tool_spans as (

    select
        employee_id,
        tool_id,
        greatest(valid_from, first_date) as valid_from,
        least(valid_to, second_date) as valid_to,
        {{ attributes | join(',\n        ') }},
        is_trained_first as is_trained,
        not is_trained_first as has_used

    from with_tools

    where greatest(valid_from, first_date) < least(valid_to, second_date)

    union all

    select
        employee_id,
        tool_id,
        greatest(valid_from, second_date) as valid_from,
        valid_to,
        {{ attributes | join(',\n        ') }},
        true as is_trained,
        true as has_used

    from with_tools

    where greatest(valid_from, second_date) < valid_to

)

select * from tool_spans
