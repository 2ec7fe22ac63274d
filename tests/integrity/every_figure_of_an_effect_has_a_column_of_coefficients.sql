-- Finds parameters of training effects that int_effect_covariances has no column for.
-- When it matters: after a change of effect_months, effect_leads or the aggregations; their errors
-- would be missing.
-- How to fix: count them in the macro effect_parameters().

select
    panel_id,
    parameter_number,
    aggregation,
    value_number

from {{ ref('int_effect_weights') }}

where
    parameter_number > {{ effect_parameters() }}
    or parameter_number < 1
