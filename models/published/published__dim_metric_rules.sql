-- dim_metric_rules as BI may read it: nothing in it is about a person.

with

dim_metric_rules as (

    select * from {{ ref('dim_metric_rules') }}

),

published as (

    select
        rules_hash,
        rule_kind,
        rule_name,
        rule_value

    from dim_metric_rules

)

select * from published
