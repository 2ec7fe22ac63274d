-- One row per delivered row of the Trailhead badges: one user and badge, as it was on that day.
--
-- Every record is a badge, whatever it is given for. A deleted record is a badge taken back. A
-- badge is finished on its Finished Date, else when it was last attempted.

{% set columns = {
    'email': 'trailheadapp__User__r.Email',
    'learner_id': 'trailheadapp__User__c',
    'course_id': 'trailheadapp__Badge__c',
    'title': 'trailheadapp__Badge__r.Name',
    'status': 'trailheadapp__Status__c',
    'assigned': 'trailheadapp__Assigned_Date__c',
    'ended': 'trailheadapp__Finished_Date__c',
    'activity': 'trailheadapp__Last_Attempted_Date__c',
    'taken_back': 'LastModifiedDate',
    'is_taken_back': 'IsDeleted',
} %}
{% set statuses = {
    'assigned': 'open',
    'in-progress': 'open',
    'completed': 'completed',
} %}

with

source_rows as (

    select * from {{ source('trailhead', 'user_badges') }}

),

texts as (
    {{ learning_row_texts(columns) }}
),

parsed as (
    {{ parse_learning_rows(statuses, kind='badge') }}
),

records as (
    {{ learning_row_records('trailhead_user_id') }}
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
