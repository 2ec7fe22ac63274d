-- Finds keys of employees or managers that are no pseudonym: a mail address, an id, an empty text.
-- When it matters: always; manager keys are published, and a name in one cannot be taken back.
-- How to fix: the model must take employee_key from int_employees, and manager_group from
-- int_people_on_dates; never employee_id.
{{ config(group='restricted') }}

with

keys as (

    {% set keys = {
        'dim_employees': ['employee_key'],
        'dim_managers': ['manager_key'],
        'fct_completions': [
            'employee_key', 'manager_key_at_completion', 'manager_key_at_assignment'
        ],
        'fct_learner_tool_checkpoints': [
            'employee_key', 'manager_key_at_completion', 'manager_key_at_checkpoint'
        ],
        'fct_learner_tool_days': ['employee_key'],
        'manager_cohorts': ['manager_key'],
    } %}
    {% for model, columns in keys.items() %}
    {% set last_model = loop.last %}
    {% for column in columns %}
    select distinct
        '{{ model }}' as relation_name,
        '{{ column }}' as column_name,
        {{ column }} as person_key

    from {{ ref(model) }}

    where {{ column }} is not null

    {{ 'union all' if not (last_model and loop.last) }}

    {% endfor %}
    {% endfor %}
),

-- The key itself is not returned: a failing test must not print what it protects.
broken as (

    select
        relation_name,
        column_name,
        count(*) as n_keys

    from keys

    where
        not {{ regex_matches('person_key', '^[0-9a-f]{16}$') }}
        and not (
            relation_name = 'manager_cohorts' and person_key in ('no_manager', 'unknown')
        )

    group by
        relation_name,
        column_name

)

select * from broken
