-- One row per program, metric and track (and `all`), as BI may read it: few people hidden, and over
-- all tracks what one hidden track, or few people of several, would follow from. Programs that
-- leave few people over of `all` are hidden, too.

with

{% set floor = display_floor() %}
{% set parts = {
    'trained': 'n_trained >= ' ~ floor,
    'difference': 'n_supported >= ' ~ floor ~ ' and n_controls >= ' ~ floor,
    'exams': 'n_exams >= ' ~ floor,
} %}
{% set counts = {'trained': 'n_trained', 'difference': 'n_supported', 'exams': 'n_exams'} %}
changes as (

    select * from {{ ref('outcome_changes') }}

),

with_rest as (

    select
        {% for count in counts.values() %}
        {{ beside_programs(count, 'metric_id, track') }},
        {% endfor %}
        *

    from changes

),

alone as (

    select
        {% for name, condition in parts.items() %}
        {{ condition }}
        and {{ is_apart_from_all(counts[name]) }} as shows_own_{{ name }},
        {% endfor %}
        *

    from with_rest

),

beside_tracks as (

    select
        {% for name, count in counts.items() %}
        {% set is_hidden = "track <> 'all' and " ~ count ~ ' > 0 and not shows_own_' ~ name %}
        sum(case when {{ is_hidden }} then 1 else 0 end) over one_metric as hidden_{{ name }},
        sum(case when {{ is_hidden }} then {{ count }} else 0 end) over one_metric
            as people_hidden_{{ name }},
        {% endfor %}
        *

    from alone

    window one_metric as (partition by program_id, metric_id)

),

judged as (

    select
        {% for name in parts %}
        shows_own_{{ name }}
        and (
            track <> 'all'
            or hidden_{{ name }} = 0
            or (hidden_{{ name }} > 1 and people_hidden_{{ name }} >= {{ floor }})
        ) as shows_{{ name }},
        {% endfor %}
        *

    from beside_tracks

),

published as (

    select
        program_id,
        metric_id,
        track,
        good_direction,
        evidence_kind,
        is_measured,
        not_measured_reason,
        {{ shown_where('shows_trained', [
            'n_trained', 'mean_before', 'mean_after', 'mean_change', 'mean_change_low',
            'mean_change_high'
        ]) }},
        {{ shown_where('shows_trained and shows_difference', [
            'n_supported', 'n_controls', 'difference', 'difference_low', 'difference_high'
        ]) }},
        {{ shown_where('shows_trained and shows_exams', [
            'n_exams', 'exam_correlation', 'exam_correlation_low', 'exam_correlation_high'
        ]) }},
        verdict,
        verdict_reason,
        is_measured and not (
            shows_trained
            and (n_supported = 0 or shows_difference)
            and (n_exams = 0 or shows_exams)
        ) as is_suppressed,
        {{ suppression_reasons({
            'few_trained': 'not is_measured or shows_trained',
            'few_compared': 'n_supported = 0 or shows_difference',
            'few_exams': 'n_exams = 0 or shows_exams',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
