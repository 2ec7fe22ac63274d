{#- Periods of mail addresses of one HR system that keeps no history of them, with addresses that change hands: CTEs over
    `holdings`, one row per person, address and period:

    employee_id, address, valid_from, valid_to     as the deliveries tell: the first address holds since always
    first_listed_on, last_held_on                  first day the person is listed with it; last day listed while employed
    hire_date, last_day                            of the employment; NULL: not told

    The last CTE `handed_over` has the same rows and columns. Where several people had an address,
    - only the first of them holds it since always. Who was listed with it in a later delivery than another holder holds
      it from there on; who comes in the same delivery as somebody who had left before their hire, from the hire.
    - a period ends when the next holder's starts, if its own holder was not listed, or not employed, from that day on. Of
      somebody who left it ends after the last day: from then on it may have been the next holder's, whom no delivery
      listed yet, so it is nobody's.
    Anything else stays claimed by both: a conflict, which a person decides in alias_overrides. -#}
{% macro hand_over_addresses() -%}
with_holders as (

    select
        *,
        min(employee_id) over (partition by address)
        <> max(employee_id) over (partition by address) as has_several_holders,
        min(first_listed_on) over (partition by address) as first_holder_listed_on,
        min(last_day) over (partition by address) as first_leaver_last_day

    from holdings

),

with_starts as (

    select
        *,
        case
            when valid_from is not null or not has_several_holders then valid_from
            when first_listed_on > first_holder_listed_on then first_listed_on
            when hire_date > first_leaver_last_day then hire_date
        end as starts_on

    from with_holders

),

with_next as (

    select
        *,
        lead(employee_id) over (
            partition by address
            order by coalesce(starts_on, {{ always() }}), employee_id
        ) as next_employee_id,
        lead(starts_on) over (
            partition by address
            order by coalesce(starts_on, {{ always() }}), employee_id
        ) as next_starts_on

    from with_starts

),

with_ends as (

    select
        *,
        case
            when
                next_employee_id = employee_id
                or next_starts_on <= coalesce(last_held_on, {{ always() }})
                then null
            when last_day >= coalesce(starts_on, {{ always() }}) and last_day < next_starts_on
                then {{ add_days('last_day', 1) }}
            else next_starts_on
        end as handed_on_date

    from with_next

),

handed_over as (

    select
        employee_id,
        address,
        starts_on as valid_from,
        least(
            coalesce(valid_to, handed_on_date), coalesce(handed_on_date, valid_to)
        ) as valid_to,
        source_record_id,
        extracted_at,
        source_file

    from with_ends

)
{%- endmacro %}
