-- dim_metric_rules as BI may read it: without the overrides of aliases, which are about persons.
-- They are in rules_hash all the same.

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

    where rule_name <> 'seed alias_overrides'

)

select * from published
