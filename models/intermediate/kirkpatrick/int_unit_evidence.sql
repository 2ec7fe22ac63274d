-- One row per completed unit of a known employee (program, employee, tool): what is known of each
-- level, and whether it could have been known by now.
--
-- Evidence counts where its window is over: is_asked (answers to the course), is_asked_later
-- (behaviour; employed on the last checkpoint's date), is_counted (results).

{% set day, around = evidence_day(), var('survey_days') | int %}

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

    where checkpoint_day = {{ day }}

),

people as (

    select * from {{ ref('int_people_on_dates') }}

),

{% for kind in evidence_surveys() %}
{{ kind }} as (

    select * from {{ ref('int_unit_answers') }}

    where survey_kind = '{{ kind }}'

),

{% endfor %}
attempts as (

    select * from {{ ref('int_completion_attempts') }}

),

with_outcomes as (

    select distinct
        employee_id,
        index_date

    from {{ ref('int_outcome_changes') }}

    where
        not is_control
        and value_before is not null
        and value_after is not null

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- one unit : the person on the checkpoint date, the attempt, zero or one row of answers of each
-- kind and of outcomes (none: not asked, not answered, not counted); the one row of settings.
evidence as (

    select
        unit_checkpoints.program_id,
        unit_checkpoints.employee_id,
        unit_checkpoints.tool_id,
        {{ add_days('unit_checkpoints.completion_date', around) }} <= settings.as_of_date
            as is_asked,
        {{ add_days('unit_checkpoints.checkpoint_date', around) }} <= settings.as_of_date
        and people.is_employed as is_asked_later,
        unit_checkpoints.checkpoint_date <= settings.as_of_date as is_counted,
        unit_checkpoints.is_eligible,
        unit_checkpoints.is_adopted,
        {% for kind in evidence_surveys() %}
        {{ kind }}.employee_id is not null as has_{{ kind }},
        {{ kind }}.mean_number as {{ kind }}_number,
        {% endfor %}
        coalesce(behavior_90d.has_text, false) as has_example,
        attempts.score_scaled as exam_score,
        with_outcomes.employee_id is not null as has_outcomes

    from unit_checkpoints

    inner join people
        on unit_checkpoints.employee_id = people.employee_id
        and unit_checkpoints.checkpoint_date = people.on_date

    inner join attempts
        on unit_checkpoints.program_id = attempts.program_id
        and unit_checkpoints.employee_id = attempts.employee_id
        and unit_checkpoints.tool_id = attempts.tool_id

    {% for side in evidence_surveys() %}
    left join {{ side }}
        on unit_checkpoints.program_id = {{ side }}.program_id
        and unit_checkpoints.employee_id = {{ side }}.employee_id
        and unit_checkpoints.tool_id = {{ side }}.tool_id

    {% endfor %}
    left join with_outcomes
        on unit_checkpoints.employee_id = with_outcomes.employee_id
        and unit_checkpoints.completion_date = with_outcomes.index_date

    cross join settings

)

select * from evidence
