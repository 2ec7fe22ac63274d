-- One row per rule in force under a rules_hash: every var a definition reads and every row of the
-- rule seeds. Two figures may be compared only if their rules_hash is the same.

with

metric_rules as (

    select * from {{ ref('int_metric_rules') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many rules : the one row of settings.
rules as (

    select
        settings.rules_hash,
        metric_rules.rule_kind,
        metric_rules.rule_name,
        metric_rules.rule_value

    from metric_rules

    cross join settings

)

select * from rules
