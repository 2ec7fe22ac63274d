-- One row per employee and day of answers in words to a knowledge survey after training: whether
-- one of them stands word for word in other people's answers to the question, and the completion
-- dates that are near enough.
--
-- Only answers of integrity_answer_characters or more: short ones are alike by themselves, and so
-- are the right ones of a choice. Case and blanks around the text do not count.

with

answers as (

    select
        source_system,
        employee_id,
        question_id,
        response_date,
        lower(trim(value_text)) as answer

    from {{ ref('int_survey_answers') }}

    where
        survey_kind = 'knowledge_post'
        and length(trim(value_text)) >= {{ var('integrity_answer_characters') }}

),

people as (

    select
        source_system,
        question_id,
        answer,
        count(distinct employee_id) as n_people

    from answers

    group by
        source_system,
        question_id,
        answer

),

-- many answers : the one count of their text.
copies as (

    select
        answers.employee_id,
        answers.response_date,
        {{ add_days('answers.response_date', -(var('integrity_answer_days') | int)) }}
            as near_from_date,
        {{ add_days('answers.response_date', var('integrity_answer_days')) }} as near_to_date,
        bool_or(people.n_people >= {{ var('integrity_same_answers') }}) as has_identical_answer

    from answers

    inner join people
        on answers.source_system = people.source_system
        and answers.question_id = people.question_id
        and answers.answer = people.answer

    group by
        answers.employee_id,
        answers.response_date

)

select * from copies
