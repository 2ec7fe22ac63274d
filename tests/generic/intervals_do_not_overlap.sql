{#- Per key, the intervals [from, to) neither overlap nor are inverted. NULL from = always, NULL to =
    still. `to_inclusive` for intervals whose last day belongs to them. `allow_empty` accepts
    from = to (an interval that covers no day). -#}
{% test intervals_do_not_overlap(model, key, from, to, to_inclusive=false, allow_empty=false, where=none) %}

{% set keys = key if key is iterable and key is not string else [key] %}

with

intervals as (

    select
        {{ keys | join(', ') }},
        coalesce(cast({{ from }} as date), {{ always() }}) as interval_from,
        coalesce(cast({{ to }} as date), {{ still() }}) as interval_to

    from {{ model }}
    {%- if where %}

    where {{ where }}
    {%- endif %}

),

-- The running maximum, not the previous row: a long interval may cover several later ones. Empty
-- intervals cover nothing, so they neither overlap nor hide an overlap.
with_earlier_end as (

    select
        {{ keys | join(', ') }},
        interval_from,
        interval_to,
        max(case when interval_from {{ '<=' if to_inclusive else '<' }} interval_to then interval_to end) over (
            partition by {{ keys | join(', ') }}
            order by interval_from, interval_to
            rows between unbounded preceding and 1 preceding
        ) as earlier_interval_to

    from intervals

),

broken as (

    select
        {{ keys | join(', ') }},
        interval_from,
        interval_to,
        earlier_interval_to,
        case
            when interval_to < interval_from then 'ends before it starts'
            {%- if not allow_empty and not to_inclusive %}
            when interval_to = interval_from then 'covers no day'
            {%- endif %}
            when interval_from {{ '<=' if to_inclusive else '<' }} interval_to
                and interval_from {{ '<=' if to_inclusive else '<' }} earlier_interval_to
                then 'overlaps an earlier interval'
        end as broken_rule

    from with_earlier_end

)

select * from broken

where broken_rule is not null

{% endtest %}
