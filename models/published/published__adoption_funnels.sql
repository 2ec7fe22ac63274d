-- One row per program, tool, dimension and value, as BI may read it: stages whose denominator is
-- below the display floor are hidden.
--
-- Who was judged is hidden together: any one of licensed, no_licence and not_judged would give the
-- others away. Nobody judged yet hides nothing of it.

with

{% set floor = display_floor() %}
adoption_funnels as (

    select * from {{ ref('adoption_funnels') }}

),

judged as (

    select
        *,
        n_assigned >= {{ floor }} as shows_completed,
        n_completed >= {{ floor }}
        and (n_licensed + n_no_licence >= {{ floor }} or n_licensed + n_no_licence = 0)
            as shows_licensed,
        n_licensed >= {{ floor }} as shows_tried,
        n_tried >= {{ floor }} as shows_weekly_active,
        n_weekly_active >= {{ floor }} as shows_habitual

    from adoption_funnels

),

published as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        {{ shown_where('shows_completed', [
            'n_assigned', 'n_completed', 'completed_rate', 'completed_rate_low',
            'completed_rate_high'
        ]) }},
        {{ shown_where('shows_licensed', [
            'n_licensed', 'n_no_licence', 'n_not_judged', 'licensed_rate', 'licensed_rate_low',
            'licensed_rate_high'
        ]) }},
        {{ shown_where('shows_tried', [
            'n_tried', 'tried_rate', 'tried_rate_low', 'tried_rate_high'
        ]) }},
        {{ shown_where('shows_weekly_active', [
            'n_weekly_active', 'weekly_active_rate', 'weekly_active_rate_low',
            'weekly_active_rate_high'
        ]) }},
        {{ shown_where('shows_habitual', [
            'n_habitual', 'habitual_rate', 'habitual_rate_low', 'habitual_rate_high'
        ]) }},
        not shows_completed
        or not shows_licensed
        or not shows_tried
        or not shows_weekly_active
        or not shows_habitual
            as is_suppressed,
        {{ suppression_reasons({
            'few_assigned': 'shows_completed',
            'few_judged': 'shows_licensed',
            'few_licensed': 'shows_tried',
            'few_tried': 'shows_weekly_active',
            'few_weekly_active': 'shows_habitual',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
