-- One row per tool and course with completed units (and `all`): units by what their content was,
-- and who of them adopted. A unit has one course, so that courses add up to `all`.

with

units as (

    select * from {{ ref('int_unit_contents') }}

),

counts as (

    {% for level in ['course_id', "'all'"] %}
    select
        count(*) as n_completed,
        {% for name, condition in [
            ('n_stale', "content_word = 'stale'"),
            ('n_rest', "content_word = 'rest'"),
            ('n_unknown_version', "content_word = 'unknown_version'"),
            ('n_not_measured', "content_word = 'not_measured'"),
            ('n_eligible', 'is_eligible'),
            ('n_adopted', 'is_adopted'),
            ('n_eligible_stale', "is_eligible and content_word = 'stale'"),
            ('n_adopted_stale', "is_adopted and content_word = 'stale'"),
            ('n_eligible_rest', "is_eligible and content_word = 'rest'"),
            ('n_adopted_rest', "is_adopted and content_word = 'rest'"),
        ] %}
        cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ name }},
        {% endfor %}
        tool_id,
        {{ level }} as course_id

    from units

    group by
        {{ 'course_id,' if level == 'course_id' }}
        tool_id

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from counts
