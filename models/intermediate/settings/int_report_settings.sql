-- One row: the last judged day and the hash of every rule in force.
--
-- as_of_date is the var, or where that is empty the last day on which every HRIS and LMS source is
-- complete. Nothing here reads the clock.

with

complete_days as (

    select * from {{ ref('int_complete_days') }}

),

metric_rules as (

    select * from {{ ref('int_metric_rules') }}

),

hashed as (

    select {{ sha256_text(string_list("rule_name || '=' || rule_value")) }} as full_hash

    from metric_rules

),

last_complete as (

    select min(complete_through_date) as complete_through_date

    from complete_days

),

-- one row : one row.
settings as (

    select
        {% if var('as_of_date') %}
        cast('{{ var("as_of_date") }}' as date) as as_of_date,
        {% else %}
        last_complete.complete_through_date as as_of_date,
        {% endif %}
        substr(hashed.full_hash, 1, 16) as rules_hash

    from last_complete

    cross join hashed

)

select * from settings
