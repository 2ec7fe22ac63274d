-- One row per program, tool (and `all`), N and rule: completions the rule can judge, those it
-- flags, and who of both adopted. Every rule has a row wherever somebody completed.
--
-- `any_rule` holds what at least one rule can judge, `no_rule` those of them that none flags.
-- tool_id `all` counts units, not people.

with

cells as (

    select * from {{ ref('int_integrity_cells') }}

),

counts as (

    {% for rule in integrity_rules() %}
    {% set last_rule = loop.last %}
    {% set word = 'any_rule' if rule == 'no_rule' else rule %}
    {% set measured, clear = word ~ " <> 'not_judged'", word ~ " = 'clear'" %}
    {% set flagged = 'false' if rule == 'no_rule' else rule ~ " = 'flagged'" %}
    {% for level in ['tool_id', "'all'"] %}
    select
        {% for name, expression, condition in [
            ('n_completed', 'n_completed', 'true'),
            ('n_with_duration', 'n_completed', 'has_duration'),
            ('n_with_score', 'n_completed', 'has_score'),
            ('n_measured', 'n_completed', measured),
            ('n_judged', 'n_completed', clear if rule == 'no_rule' else measured),
            ('n_suspicious', 'n_completed', flagged),
            ('n_eligible_suspicious', 'n_eligible', flagged),
            ('n_adopted_suspicious', 'n_adopted', flagged),
            ('n_eligible_rest', 'n_eligible', clear),
            ('n_adopted_rest', 'n_adopted', clear),
        ] %}
        cast(sum(case when {{ condition }} then {{ expression }} else 0 end) as bigint)
            as {{ name }},
        {% endfor %}
        program_id,
        {{ level }} as tool_id,
        checkpoint_day,
        '{{ rule }}' as rule_name

    from cells

    group by
        program_id,
        {{ 'tool_id,' if level == 'tool_id' }}
        checkpoint_day

    {{ 'union all' if not (last_rule and loop.last) }}

    {% endfor %}
    {% endfor %}
)

select * from counts
