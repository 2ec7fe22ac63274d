-- data_quality as BI may read it: counts of rows, files and days, nothing about a person.

with

data_quality as (

    select * from {{ ref('data_quality') }}

),

published as (

    select
        source_system,
        feed,
        tool_id,
        check_name,
        reason,
        n_checked,
        n_affected,
        affected_rate,
        first_date,
        last_date,
        is_inferred,
        status,
        as_of_date,
        rules_hash

    from data_quality

)

select * from published
