-- One row per unclaimed alias for which the rules that apply name one employee, and the same one.
-- A suggestion is never applied by itself: a person copies it into the seed alias_overrides.
--
-- A login is suggested only for an employee for whom no alias of its type is claimed: who has a
-- login hardly has a second one.

with

questions as (

    select * from {{ ref('int_alias_questions') }}

),

mail_owners as (

    select * from {{ ref('int_mail_owners') }}

),

claimed_types as (

    select distinct
        employee_id,
        alias_type

    from {{ ref('int_alias_claims') }}

    where employee_id is not null

),

-- many questions : zero or one owner. A question without an answer is no suggestion.
answers as (

    select
        questions.alias_type,
        questions.alias_value,
        questions.n_rows,
        questions.first_row_date,
        questions.last_row_date,
        questions.rule_name,
        questions.rule_order,
        mail_owners.employee_id,
        mail_owners.claimed_alias

    from questions

    inner join mail_owners
        on questions.lookup_kind = mail_owners.lookup_kind
        and questions.lookup_value = mail_owners.lookup_value

),

-- many answers : zero or one claimed type of the employee.
with_claimed_type as (

    select
        answers.alias_type,
        answers.alias_value,
        answers.n_rows,
        answers.first_row_date,
        answers.last_row_date,
        answers.rule_name,
        answers.rule_order,
        answers.employee_id,
        answers.claimed_alias,
        claimed_types.employee_id is not null as has_alias_of_type

    from answers

    left join claimed_types
        on answers.employee_id = claimed_types.employee_id
        and answers.alias_type = claimed_types.alias_type

),

ranked as (

    select
        *,
        min(employee_id) over (partition by alias_type, alias_value) as first_employee_id,
        max(employee_id) over (partition by alias_type, alias_value) as last_employee_id,
        row_number() over (
            partition by alias_type, alias_value
            order by rule_order
        ) as rule_rank

    from with_claimed_type

    where rule_name <> 'login_is_local_part' or not has_alias_of_type

),

suggestions as (

    select
        alias_type,
        alias_value,
        employee_id,
        rule_name,
        claimed_alias,
        n_rows,
        first_row_date,
        last_row_date

    from ranked

    where rule_rank = 1 and first_employee_id = last_employee_id

)

select * from suggestions
