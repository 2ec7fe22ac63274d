-- One row per compared publication and published group: why its figures differ, a reason for each
-- of the three sets of units. Each ends with '; ' so that they can be put together; '' where no
-- count differs.
--
-- The first evidence decides: units added or gone, else units judged otherwise, else other use.

{% set learning = "'learning records or identities changed; '" %}
{% set moved = "'units moved between groups; '" %}

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

judged_otherwise as (

    select
        *,
        case when has_other_n_left_before_day_n then 'employment changed; ' else '' end
        || case when has_other_n_feed_gap then 'days of use delivered or withdrawn; ' else '' end
        || case
            when has_other_n_licence_unknown or has_other_n_no_licence then 'licences changed; '
            else ''
        end
        || case when has_other_n_on_leave then 'leave changed; ' else '' end
            as reason_of_statuses

    from restated_groups

),

judged as (

    select
        *,
        case
            when not has_other_n_assigned and not has_other_n_assigned_completed then ''
            when has_other_whole_n_assigned or has_other_whole_n_assigned_completed
                then {{ learning }}
            else {{ moved }}
        end as reason_of_assigned,
        case
            when not has_other_n_completed then ''
            when has_other_whole_n_completed then {{ learning }}
            else {{ moved }}
        end as reason_of_completed,
        case
            when has_other_n_matured and has_other_whole_n_matured then {{ learning }}
            when has_other_n_matured then {{ moved }}
            when has_open_windows_now then 'deliveries of use withdrawn; '
            when reason_of_statuses <> '' then reason_of_statuses
            when
                has_other_n_eligible
                or has_other_n_adopted
                or has_other_n_new
                or has_other_n_new_adopted
                or has_other_n_existing
                or has_other_n_existing_adopted
                then 'use restated or delivered late; '
            else ''
        end as reason_of_closed

    from judged_otherwise

),

-- many groups : one publication.
reasons as (

    select
        {% for key in [
            'publication_id', 'program_id', 'tool_id', 'checkpoint_day', 'dimension',
            'dimension_value', 'reason_of_assigned', 'reason_of_completed', 'reason_of_closed',
        ] + (kept_rates().keys() | list) %}
        judged.{{ key }},
        {% endfor %}
        {% for name in (kept_rates().keys() | list) + kept_counts() %}
        judged.is_{{ name }}_shown,
        {% endfor %}
        {% for name in counts_of_figures() %}
        judged.{{ name }}_published,
        judged.{{ name }}_now,
        {% endfor %}
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
