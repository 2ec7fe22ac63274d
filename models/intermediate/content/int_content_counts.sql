-- One row per tool and course with completed units (and `all`): units by what their content was,
-- and who of them adopted. A unit has one course, so that courses add up to `all`.

with

units as (

    select * from {{ ref('int_unit_contents') }}

),

counts as (

    {% for level in ['course_id', "'all'"] %}
    select
        tool_id,
        {{ level }} as course_id,
        count(*) as n_completed,
        {% for word in ['stale', 'rest', 'unknown_version', 'not_measured'] %}
        cast(sum(case when content_word = '{{ word }}' then 1 else 0 end) as bigint)
            as n_{{ word }},
        {% endfor %}
        {% for side in ['', 'stale', 'rest'] %}
        {% set suffix = '_' ~ side if side else '' %}
        {% set of_side = " and content_word = '" ~ side ~ "'" if side else '' %}
        {% for flag in ['eligible', 'adopted'] %}
        cast(sum(case when is_{{ flag }}{{ of_side }} then 1 else 0 end) as bigint)
            as n_{{ flag }}{{ suffix }}
        {{- ',' if not loop.last or side != 'rest' }}
        {% endfor %}
        {% endfor %}

    from units

    group by {{ 'tool_id, course_id' if level == 'course_id' else 'tool_id' }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from counts
