{#- For base models: every row is kept, quarantined or superseded, and one that is not kept says why. -#}
{% test row_status_is_explained(model) %}

select
    row_status,
    status_reason,
    count(*) as row_count

from {{ model }}

where
    row_status is null
    or row_status not in ('kept', 'quarantined', 'superseded')
    or (row_status = 'kept' and status_reason is not null)
    or (row_status != 'kept' and status_reason is null)

group by row_status, status_reason

{% endtest %}
