-- One row per survey answer (response and question) of a known employee, on their local day.
--
-- An answer at midnight (UTC) exactly is taken for a day without a time and is never shifted.
-- Answers nobody can be named for, without a time, or later than as_of_date are evidence of
-- nothing and not here.

with

surveys as (

    select
        source_system,
        response_id,
        question_id,
        alias_type,
        alias_value,
        survey_kind,
        value_number,
        value_text,
        responded_at,
        cast(responded_at as date) as utc_date

    from {{ ref('surveys') }}

    where responded_at is not null

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

    where employee_id is not null

),

employees as (

    select * from {{ ref('int_employees') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- many answers : zero or one owner on the UTC date (none: excluded, nobody can be named).
owned as (

    select
        surveys.source_system,
        surveys.response_id,
        surveys.question_id,
        alias_owners.employee_id,
        surveys.survey_kind,
        surveys.value_number,
        surveys.value_text,
        surveys.responded_at,
        surveys.utc_date

    from surveys

    inner join alias_owners
        on surveys.alias_type = alias_owners.alias_type
        and surveys.alias_value = alias_owners.alias_value
        and surveys.utc_date >= alias_owners.valid_from
        and surveys.utc_date < alias_owners.valid_to

),

-- many answers : one employee, which a guard insists on.
dated as (

    select
        owned.source_system,
        owned.response_id,
        owned.question_id,
        owned.employee_id,
        owned.survey_kind,
        owned.value_number,
        owned.value_text,
        case
            when owned.responded_at = cast(owned.utc_date as timestamp) then owned.utc_date
            when employees.employee_id is null then owned.utc_date
            else {{ to_local_date('owned.responded_at', 'employees.time_zone') }}
        end as response_date

    from owned

    left join employees
        on owned.employee_id = employees.employee_id

),

-- many answers : the one row of settings.
answers as (

    select
        dated.source_system,
        dated.response_id,
        dated.question_id,
        dated.employee_id,
        dated.survey_kind,
        dated.value_number,
        dated.value_text,
        dated.response_date

    from dated

    cross join settings

    where dated.response_date <= settings.as_of_date

)

select * from answers
