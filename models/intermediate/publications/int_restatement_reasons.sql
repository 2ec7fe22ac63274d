-- One row per compared publication and published group: why its figures differ, a reason for each of
-- the three sets of units. Each ends with '; ' so that they can be put together; '' where no count
-- differs.
--
-- The first evidence decides: units added or gone, else units judged otherwise, else other use.

with

restated_groups as (

    select
        *,
        n_left_before_day_n_now + n_feed_gap_now + n_licence_unknown_now + n_no_licence_now
        + n_on_leave_now + n_eligible_now < n_matured_now as has_open_windows_now

    from {{ ref('int_restated_groups') }}

),

publications as (

    select * from {{ ref('int_compared_publications') }}

),

judged as (

    select
        *,
        {{ reason_of_units(['n_assigned', 'n_assigned_completed']) }} as reason_of_assigned,
        {{ reason_of_units(['n_completed']) }} as reason_of_completed,
        case
            when {{ any_count_changed(['n_matured']) }}
                then {{ reason_of_units(['n_matured']) }}
            when has_open_windows_now then 'deliveries of use withdrawn; '
            when
                {{ any_count_changed([
                    'n_left_before_day_n', 'n_feed_gap', 'n_licence_unknown', 'n_no_licence',
                    'n_on_leave'
                ]) }}
                then
                {% for reason, counts in {
                    'employment changed': ['n_left_before_day_n'],
                    'days of use delivered or withdrawn': ['n_feed_gap'],
                    'licences changed': ['n_licence_unknown', 'n_no_licence'],
                    'leave changed': ['n_on_leave'],
                }.items() %}
                    {{ '|| ' if not loop.first }}case
                        when {{ any_count_changed(counts) }} then '{{ reason }}; '
                        else ''
                    end
                {% endfor %}
            when
                {{ any_count_changed([
                    'n_eligible', 'n_adopted', 'n_new', 'n_new_adopted', 'n_existing',
                    'n_existing_adopted'
                ]) }}
                then 'use restated or delivered late; '
            else ''
        end as reason_of_closed

    from restated_groups

),

-- many groups : one publication.
reasons as (

    select
        judged.*,
        publications.published_at,
        publications.as_of_date as published_as_of_date,
        publications.received_until as published_received_until,
        publications.rules_hash as published_rules_hash,
        case
            when publications.has_other_rules then 'rules changed'
            when publications.has_same_deliveries then 'calculation changed'
        end as reason_of_all

    from judged

    inner join publications
        on judged.publication_id = publications.publication_id

)

select * from reasons
