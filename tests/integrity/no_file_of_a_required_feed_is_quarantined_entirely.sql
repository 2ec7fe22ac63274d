-- Finds files of which not one row could be used: most often a changed date format or another
-- export.
-- When it matters: the feeds the figures stand on. Files of fewer than five rows are left to the
-- quarantine report, because one odd row must not stop the build.
-- How to fix: the reason says what could not be read; have the file sent again in the declared
-- format.
{% set required_feeds = {
    'generic': [
        'employees', 'employment_history', 'identity_aliases', 'courses', 'learning_events',
        'tool_usage_daily', 'tool_usage_period',
    ],
    'm365_copilot': [
        'usage_user_detail', 'usage_user_detail_pages', 'admin_center_user_activity',
    ],
} %}
{% if execute %}
{% for node in graph.sources.values() if node.config.get('meta', {}).get('required') %}
{% do required_feeds.setdefault(node.source_name, []).append(node.name) %}
{% endfor %}
{% endif %}

with

rows_per_file as (
    {% for feed in enabled_feeds()
        if not execute or feed.feed in required_feeds.get(feed.vendor, []) %}
    select
        '{{ feed.vendor }}' as source_system,
        '{{ feed.feed }}' as feed,
        source_file,
        count(*) as n_rows,
        sum(case when row_status = 'quarantined' then 1 else 0 end) as n_quarantined,
        min(status_reason) as one_of_the_reasons

    from {{ ref('base_' ~ feed.vendor ~ '__' ~ feed.feed) }}

    group by source_file
    {{ 'union all' if not loop.last }}
    {% else %}
    -- No enabled vendor has a feed that is required.
    select
        cast(null as string) as source_system,
        cast(null as string) as feed,
        cast(null as string) as source_file,
        0 as n_rows,
        0 as n_quarantined,
        cast(null as string) as one_of_the_reasons
    {% endfor %}
)

select * from rows_per_file

where
    n_rows >= 5
    and n_quarantined = n_rows
    -- A report with hidden names is readable; it is delivered as concealed: unknown, not lost.
    and one_of_the_reasons <> 'concealed_identity'
