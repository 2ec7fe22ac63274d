-- One row per completed unit (program, employee, tool) and kind of survey with answers that are
-- evidence of it: mean of their numbers, and whether any of them has words.

with

completions as (

    select * from {{ ref('int_unit_completions') }}

    where is_attributed

),

survey_windows as (

    select * from {{ ref('int_survey_windows') }}

),

-- one unit : many days of answers; units without any are excluded.
answers as (

    select
        completions.program_id,
        completions.employee_id,
        completions.tool_id,
        survey_windows.survey_kind,
        sum(survey_windows.sum_of_numbers) / nullif(sum(survey_windows.n_numbers), 0)
            as mean_number,
        bool_or(survey_windows.has_text) as has_text

    from completions

    inner join survey_windows
        on completions.employee_id = survey_windows.employee_id
        and completions.completion_date >= survey_windows.completed_from_date
        and completions.completion_date <= survey_windows.completed_to_date

    group by
        completions.program_id,
        completions.employee_id,
        completions.tool_id,
        survey_windows.survey_kind

)

select * from answers
