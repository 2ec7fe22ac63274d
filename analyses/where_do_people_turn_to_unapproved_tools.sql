-- Question: where do people get what they need from tools we did not buy, do the trained do so
-- less, and did they change to the approved tool after the training?
-- Say: "In <usage_month> <shadow_use_rate> of <dimension_value> used such tools, of the trained
-- <trained_shadow_use_rate>, of the others <untrained_shadow_use_rate>; <approved_use_rate> used an
-- approved one. Of those who did before their training <stopped_rate> were not seen doing so after
-- it, and <substitution_rate> use the approved tool instead." Where log_status is not `measured`
-- say why, and no number (training_status_reason: of the last sentence). It is no effect: some
-- stop, and some start, without any training. Reads what is published, since a rate of few people
-- is nobody's business: it is empty.

with

shadow_ai as (

    select
        *,
        usage_month = 'all' as is_training

    from {{ ref('published__shadow_ai') }}

    where
        consumer_tool = 'all'
        and dimension in ('all', 'role_group', 'department')

),

-- Of each group the last month that is measured, or the last one at all.
ranked as (

    select
        *,
        row_number() over (
            partition by dimension, dimension_value, is_training
            order by case when log_status = 'measured' then 0 else 1 end, usage_month desc
        ) as month_rank

    from shadow_ai

),

answer as (

    select
        {% for rate in [
            'shadow_use_rate', 'trained_shadow_use_rate', 'untrained_shadow_use_rate',
            'approved_use_rate', 'stopped_rate', 'substitution_rate'
        ] %}
        max({{ rate }}) as {{ rate }},
        {% endfor %}
        dimension,
        dimension_value,
        max(case when not is_training then usage_month end) as usage_month,
        coalesce(max(case when not is_training then log_status end), max(log_status))
            as log_status,
        case
            when max(case when not is_training then 1 else 0 end) = 0 then max(log_status_reason)
            else max(case when not is_training then log_status_reason end)
        end as log_status_reason,
        max(case when is_training then log_status_reason end) as training_status_reason

    from ranked

    where month_rank = 1

    group by
        dimension,
        dimension_value

)

select * from answer
order by dimension asc, shadow_use_rate desc
