-- One row per transcript status id: what it means for the learner.
--
-- The tenant's own list in English (culture 1) decides by its words; ids it does not list keep the
-- vendor's defaults. A translated list alone is not read: words differ, ids do not.

with

{% set defaults = {
    '11': 'completed', '13': 'registered', '14': 'in_progress', '35': 'completed',
    '48': 'completed_by_equivalent', '54': 'failed', '60': 'exempt',
} %}
listed as (

    select * from {{ ref('base_cornerstone__transcript_status_local_core') }}

    where
        row_status = 'kept'
        and culture_id = '1'

),

candidates as (

    select
        status_id,
        status,
        case
            when lower(status) like 'completed%equiv%' then 'completed_by_equivalent'
            when lower(status) like 'complete%' then 'completed'
            when lower(status) like 'fail%' then 'failed'
            when lower(status) like 'exempt%' or lower(status) like 'waive%' then 'exempt'
            when lower(status) like 'withdr%' or lower(status) like 'cancel%' then 'withdrawn'
            when lower(status) like 'in progress%' then 'in_progress'
            else 'registered'
        end as meaning,
        1 as precedence

    from listed

    {% for status_id, meaning in defaults.items() %}
    union all

    select
        '{{ status_id }}' as status_id,
        '{{ meaning }}' as status,
        '{{ meaning }}' as meaning,
        2 as precedence

    {% endfor %}
),

ranked as (

    select
        status_id,
        status,
        meaning,
        row_number() over (partition by status_id order by precedence) as choice

    from candidates

),

statuses as (

    select
        status_id,
        status,
        meaning

    from ranked

    where choice = 1

)

select * from statuses
