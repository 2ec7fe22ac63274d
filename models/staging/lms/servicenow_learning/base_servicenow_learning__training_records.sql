-- One row per delivered row of the ServiceNow training records: one person, course and attempt.
--
-- An expired certification was reached. A row that says it expired without a date of completion
-- says nothing and is quarantined.

{% set columns = {
    'email': 'Learner Email',
    'learner_id': 'Learner ID',
    'course_id': 'Course ID',
    'title': 'Course Title',
    'type': 'Course Type',
    'attempt': 'Attempt',
    'status': 'Status',
    'assigned': 'Assigned Date',
    'enrolled': 'Enrolled Date',
    'started': 'Started Date',
    'ended': 'Completed Date',
    'score': 'Score',
    'is_required': 'Required',
} %}
{% set statuses = {
    'not started': 'open',
    'in progress': 'open',
    'completed': 'completed',
    'passed': 'passed',
    'failed': 'failed',
    'withdrawn': 'withdrawn',
    'waived': 'waived',
    'expired': 'completed',
} %}
{% set types = {
    'learning path': 'path',
    'certification exam': 'assessment',
    'micro-certification': 'badge',
    'certification': 'badge',
} %}

with

source_rows as (

    select * from {{ source('servicenow_learning', 'training_records') }}

),

texts as (
    {{ learning_row_texts(columns) }}
),

parsed as (
    {{ parse_learning_rows(statuses, types) }}
),

records as (
    {{ learning_row_records('servicenow_learning_user_id') }}
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
