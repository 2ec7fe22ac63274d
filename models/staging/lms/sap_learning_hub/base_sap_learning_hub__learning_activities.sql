-- One row per delivered row of the SAP Learning Hub activities: one learner and activity.
--
-- Learner Status is the licence's: who no longer has one keeps what was completed.

{% set columns = {
    'email': 'Learner Email',
    'learner_id': 'Learner ID',
    'course_id': 'Learning Activity ID',
    'title': 'Learning Activity Title',
    'type': 'Learning Activity Type',
    'status': 'Activity Status',
    'started': 'Start Date',
    'ended': 'Completion Date',
    'score': 'Score',
} %}
{% set statuses = {
    'not started': 'open',
    'in progress': 'open',
    'completed': 'completed',
    'passed': 'passed',
    'failed': 'failed',
} %}
{% set types = {
    'learning journey': 'path',
    'certification': 'assessment',
    'digital badge': 'badge',
} %}

with

source_rows as (

    select * from {{ source('sap_learning_hub', 'learning_activities') }}

),

texts as (
    {{ learning_row_texts(columns) }}
),

parsed as (
    {{ parse_learning_rows(statuses, types) }}
),

records as (
    {{ learning_row_records('sap_learning_hub_user_id') }}
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
