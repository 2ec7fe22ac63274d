-- One row per delivered row of the Google Skills badges: one person, badge and time it was earned.
--
-- A badge is no course, even where it is given for one. An expired badge was earned, and one earned
-- again was earned the first time too; a revoked one is withdrawn.

{% set columns = {
    'email': 'User Email',
    'course_id': 'Badge ID',
    'title': 'Badge Name',
    'status': 'Status',
    'ended': 'Earned At',
    'taken_back': 'Revoked At',
} %}
{% set statuses = {
    'earned': 'completed',
    'expired': 'completed',
    'revoked': 'taken_back',
} %}

with

source_rows as (

    select * from {{ source('google_skills', 'badges') }}

),

texts as (
    {{ learning_row_texts(columns) }}
),

parsed as (
    {{ parse_learning_rows(statuses, kind='badge', blank_status='completed') }}
),

records as (
    {{ learning_row_records(each_end_is_an_attempt=true) }}
),

checked as (
    {{ check_learning_records() }}
),

ranked as (
    {{ rank_learning_records() }}
),

judged as (
    {{ judge_learning_records() }}
)

select * from judged
