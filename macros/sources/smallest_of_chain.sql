{#- CTEs over `links` (link, from_name, to_name): the last one, `labels_<rounds>`, has for both names of each link the
    smallest name that is reached in `rounds` steps from name to link to name (link, course_name, label).

    No recursion, which Spark 3.5 lacks. A name whose labels differ lies in a chain longer than that. -#}
{% macro smallest_of_chain(rounds) -%}
labels_0 as (

    select
        link,
        from_name as course_name,
        from_name as label

    from links

    union all

    select
        link,
        to_name as course_name,
        to_name as label

    from links

),
{% for round in range(1, rounds + 1) %}
names_{{ round }} as (

    select
        link,
        course_name,
        min(label) over (partition by course_name) as label

    from labels_{{ round - 1 }}

),

labels_{{ round }} as (

    select
        link,
        course_name,
        min(label) over (partition by link) as label

    from names_{{ round }}

){{ ',' if not loop.last }}
{% endfor %}
{%- endmacro %}
