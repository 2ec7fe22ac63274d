-- Question: where do people get what they need from tools we did not buy, do the trained do so
-- less, and did they change to the approved tool after the training?
-- Say: the column `sentence`. What is not measured has a reason and no number. It is no effect:
-- some stop, and some start, without any training. Reads what is published, since a rate of few
-- people is nobody's business: it is empty.

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

latest as (

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
        max(case when is_training then log_status_reason end) as training_status_reason,
        max(case when is_training then 1 else 0 end) = 1 as has_training

    from ranked

    where month_rank = 1

    group by
        dimension,
        dimension_value

),

answer as (

    select
        *,
        case dimension
            when 'all' then 'All people'
            else {{ told_reason('dimension') }} || ' ' || dimension_value
        end
        || ': '
        || case
            when log_status <> 'measured' or usage_month is null
                then
                    'use of unapproved tools is not measured ('
                    || {{ told_reason('log_status_reason') }} || ').'
            when shadow_use_rate is null
                then
                    'who used unapproved tools in ' || usage_month
                    || ' cannot be told without telling of few people.'
            else
                'in ' || usage_month || ' ' || {{ told_percent('shadow_use_rate') }}
                || ' used unapproved tools'
                || coalesce(
                    ' (of those trained before ' || {{ told_percent('trained_shadow_use_rate') }}
                    || ', of the others ' || {{ told_percent('untrained_shadow_use_rate') }}
                    || ', which is no effect of the training)',
                    ''
                )
                || coalesce(
                    '; at least ' || {{ told_percent('approved_use_rate') }}
                    || ' used an approved one', ''
                )
                || '.'
        end
        || case
            when not has_training then ''
            when stopped_rate is not null
                then
                    ' Of those who did before their training ' || {{ told_percent('stopped_rate') }}
                    || ' were not seen doing so after it'
                    || coalesce(
                        ', and ' || {{ told_percent('substitution_rate') }}
                        || ' use an approved tool instead', ''
                    )
                    || '; some would have stopped anyway.'
            when training_status_reason is not null
                then
                    ' What became of it after the training is not measured ('
                    || {{ told_reason('training_status_reason') }} || ').'
            else
                ' What became of it after the training cannot be told without telling of few '
                || 'people.'
        end as sentence

    from latest

)

select * from answer
order by dimension asc, shadow_use_rate desc
