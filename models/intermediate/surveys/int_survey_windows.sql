-- One row per employee, kind of survey and day of answers, with the completion dates it is evidence
-- of.
--
-- Surveys name no course: an answer speaks for each unit the person completed at the right
-- distance.

with

answers as (

    select * from {{ ref('int_survey_answers') }}

),

days as (

    select
        employee_id,
        survey_kind,
        response_date,
        count(value_number) as n_numbers,
        sum(value_number) as sum_of_numbers,
        bool_or(coalesce(trim(value_text), '') <> '') as has_text

    from answers

    group by
        employee_id,
        survey_kind,
        response_date

),

survey_windows as (

    select
        employee_id,
        survey_kind,
        response_date,
        n_numbers,
        sum_of_numbers,
        has_text,
        case survey_kind
            {% for kind, days in evidence_surveys().items() %}
            when '{{ kind }}' then {{ add_days('response_date', -days[1]) }}
            {% endfor %}
        end as completed_from_date,
        case survey_kind
            {% for kind, days in evidence_surveys().items() %}
            when '{{ kind }}' then {{ add_days('response_date', -days[0]) }}
            {% endfor %}
        end as completed_to_date

    from days

),

-- Other kinds of surveys are evidence of no completion.
evidence_windows as (

    select * from survey_windows

    where completed_from_date is not null

)

select * from evidence_windows
