-- One row per program, tool, N and rule: completions that a rule speaks against, and whether their
-- people use the tool as the rest do.
--
-- Signals of how training was completed, not proof of anything; nobody is named. What a rule cannot
-- judge is in neither group, and a rule that can judge nothing is not measured and says why.

with

counts as (

    select * from {{ ref('int_integrity_counts') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many rules : the one row of settings.
measured as (

    select
        counts.program_id,
        counts.tool_id,
        counts.checkpoint_day,
        counts.rule_name,
        counts.n_measured > 0 as is_measured,
        case
            when counts.n_measured > 0 then null
            {% for rule, parts in integrity_rules().items() %}
            {% for reason, condition in parts.reasons.items() %}
            when counts.rule_name = '{{ rule }}' and {{ condition }} then '{{ reason }}'
            {% endfor %}
            {% endfor %}
        end as not_measured_reason,
        counts.n_completed,
        counts.n_judged,
        {% for name in [
            'n_suspicious', 'n_eligible_suspicious', 'n_adopted_suspicious', 'n_eligible_rest',
            'n_adopted_rest'
        ] %}
        case when counts.n_measured > 0 then counts.{{ name }} end as {{ name }},
        {% endfor %}
        settings.as_of_date,
        settings.rules_hash

    from counts

    cross join settings

),

completion_integrity as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        rule_name,
        is_measured,
        not_measured_reason,
        n_completed,
        n_judged,
        n_suspicious,
        {{ safe_rate('n_suspicious', 'n_judged') }} as suspicious_rate,
        {{ wilson_low('n_suspicious', 'n_judged') }} as suspicious_rate_low,
        {{ wilson_high('n_suspicious', 'n_judged') }} as suspicious_rate_high,
        {% for side in ['suspicious', 'rest'] %}
        {% set adopted = 'n_adopted_' ~ side %}
        {% set eligible = 'n_eligible_' ~ side %}
        {{ eligible }},
        {{ adopted }},
        {{ safe_rate(adopted, eligible) }} as adoption_rate_{{ side }},
        {{ wilson_low(adopted, eligible) }} as adoption_rate_{{ side }}_low,
        {{ wilson_high(adopted, eligible) }} as adoption_rate_{{ side }}_high,
        {% endfor %}
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from measured

)

select * from completion_integrity
