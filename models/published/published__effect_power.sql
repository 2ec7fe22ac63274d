-- One row per program, tool, estimator and assumed effect, as BI may read it: what
-- published__training_effects does not show of a figure is hidden here, too.

with

effect_power as (

    select * from {{ ref('effect_power') }}

),

shown_effects as (

    select
        program_id,
        tool_id,
        estimator,
        n_treated is not null as shows_treated,
        effect_points is not null as shows_effect,
        suppression_reason

    from {{ ref('published__training_effects') }}

    where aggregation = 'overall'

),

-- many assumptions : the one figure they are about.
judged as (

    select
        effect_power.program_id,
        effect_power.tool_id,
        effect_power.estimator,
        effect_power.assumed_points,
        effect_power.evidence_kind,
        effect_power.standard_error_points,
        effect_power.power_rate,
        effect_power.n_treated,
        effect_power.n_treated_clusters,
        effect_power.n_treated_needed,
        effect_power.n_treated_clusters_needed,
        effect_power.reason_for_no_number,
        shown_effects.shows_treated,
        shown_effects.shows_effect,
        shown_effects.suppression_reason,
        effect_power.as_of_date,
        effect_power.rules_hash

    from effect_power

    inner join shown_effects
        on effect_power.program_id = shown_effects.program_id
        and effect_power.tool_id = shown_effects.tool_id
        and effect_power.estimator = shown_effects.estimator

),

published as (

    select
        program_id,
        tool_id,
        estimator,
        assumed_points,
        evidence_kind,
        {{ shown_where('shows_effect', ['standard_error_points', 'power_rate']) }},
        {{ shown_where('shows_treated', ['n_treated', 'n_treated_clusters']) }},
        {{ shown_where('shows_effect', ['n_treated_needed', 'n_treated_clusters_needed']) }},
        reason_for_no_number,
        suppression_reason is not null as is_suppressed,
        suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
