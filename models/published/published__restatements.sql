-- restatements as BI may read it: rates that were shown when they were published and whose
-- denominator now reaches the display floor, too. Other changes leave no trace here: that something
-- changed in a small group says something about few people.

with

restatements as (

    select * from {{ ref('restatements') }}

    where
        was_shown
        and metric_name in (
            {% for rate in (kept_rates().keys() | list)[1:] %}
            '{{ rate }}',
            {% endfor %}
            '{{ kept_rates().keys() | first }}'
        )
        and least(denominator_published, denominator_now) >= {{ display_floor() }}

),

published as (

    select
        publication_id,
        published_at,
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        metric_name,
        value_published,
        value_now,
        value_change,
        reason,
        is_suppressed,
        suppression_reason,
        published_as_of_date,
        published_received_until,
        published_rules_hash,
        as_of_date,
        rules_hash

    from restatements

)

select * from published
