{#- The figures that are kept of each publication, per group of adoption_rates: what is divided by what, over
    the counts of the group. A gap has no numerator; its denominator is the smaller of its two. -#}
{% macro kept_rates() %}
    {% do return({
        'completion_rate': {'numerator': 'n_assigned_completed', 'denominator': 'n_assigned'},
        'adoption_rate': {'numerator': 'n_adopted', 'denominator': 'n_eligible'},
        'conversion_rate': {'numerator': 'n_new_adopted', 'denominator': 'n_new'},
        'retention_rate': {'numerator': 'n_existing_adopted', 'denominator': 'n_existing'},
        'certification_gap': {'denominator': 'least(n_assigned, n_eligible)'},
    }) %}
{% endmacro %}

{#- Counts that are kept: figures themselves, and the evidence for why a rate has changed. Their denominator is
    n_completed. -#}
{% macro kept_counts() %}
    {% do return([
        'n_completed', 'n_matured', 'n_left_before_day_n', 'n_feed_gap', 'n_licence_unknown', 'n_no_licence',
        'n_on_leave',
    ]) %}
{% endmacro %}

{#- Every count behind a figure. -#}
{% macro counts_of_figures() %}
    {% set names = [] %}
    {% for rate in kept_rates().values() if rate.numerator %}
        {% do names.extend([rate.numerator, rate.denominator]) %}
    {% endfor %}
    {% do return(names + kept_counts()) %}
{% endmacro %}

{#- Groups whose figures are kept. A company of 100,000 has as many figures of managers as of all else
    together ten times over: the var figures_of_managers leaves them out. -#}
{% macro kept_dimensions() %}
    {% set kept = [] %}
    {% for dimension in adoption_dimensions() if var('figures_of_managers') or not dimension.per_manager %}
        {% do kept.append(dimension) %}
    {% endfor %}
    {% do return(kept) %}
{% endmacro %}
