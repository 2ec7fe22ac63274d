-- One row per program and quarter, as BI may read it: figures of few people hidden. Where the
-- quarters shown would leave few people of `all`, figures of every quarter are hidden; so are those
-- of programs.

with

{% set floor = display_floor() %}
{% set counts = ['n_assigned', 'n_completed', 'n_eligible_30', 'n_eligible_60', 'n_eligible_90',
    'n_eligible_last'] %}
board_summary as (

    select * from {{ ref('board_summary') }}

),

with_rest as (

    select
        {% for count in counts %}
        coalesce(sum(case
            when completion_quarter = 'all' then {{ count }}
            when {{ count }} >= {{ floor }} then -{{ count }}
        end) over (partition by program_id), 0) as left_of_{{ count }},
        {{ beside_programs(count, 'completion_quarter') }},
        {% endfor %}
        *

    from board_summary

),

judged as (

    select
        {% for count in counts %}
        {{ count }} >= {{ floor }}
        and (
            completion_quarter = 'all'
            or left_of_{{ count }} <= 0
            or left_of_{{ count }} >= {{ floor }}
        )
        and {{ is_apart_from_all(count) }} as shows_{{ count }},
        {% endfor %}
        *

    from with_rest

),

published as (

    select
        program_id,
        completion_quarter,
        {{ shown_where('shows_n_assigned', [
            'n_assigned', 'n_assigned_completed', 'completion_rate', 'completion_rate_low',
            'completion_rate_high'
        ]) }},
        {{ shown_where('shows_n_completed', ['n_completed']) }},
        {% for day in [30, 60, 90] %}
        {{ shown_where('shows_n_eligible_' ~ day, [
            'n_eligible_' ~ day, 'n_adopted_' ~ day, 'adoption_rate_' ~ day,
            'adoption_rate_' ~ day ~ '_low', 'adoption_rate_' ~ day ~ '_high'
        ]) }},
        {% endfor %}
        gap_checkpoint_day,
        {{ shown_where('shows_n_eligible_last', ['n_eligible_last']) }},
        {{ shown_where('shows_n_assigned and shows_n_eligible_last', ['certification_gap']) }},
        target_rate,
        effect_verdicts,
        -- That nobody was assigned or judged is a count of few people, too.
        case
            when
                (n_assigned > 0 or n_completed >= {{ floor }})
                and (n_eligible_last > 0 or n_completed >= {{ floor }})
                then not_known
        end as not_known,
        false
        {% for count in counts %}
        or not coalesce(shows_{{ count }}, {{ count }} is null)
        {% endfor %}
            as is_suppressed,
        {{ suppression_reasons({
            'few_assigned': 'shows_n_assigned',
            'few_completed': 'shows_n_completed',
            'few_eligible': 'shows_n_eligible_last',
            'few_eligible_at_30': 'coalesce(shows_n_eligible_30, n_eligible_30 is null)',
            'few_eligible_at_60': 'coalesce(shows_n_eligible_60, n_eligible_60 is null)',
            'few_eligible_at_90': 'coalesce(shows_n_eligible_90, n_eligible_90 is null)',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
