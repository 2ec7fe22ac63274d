-- One row per source, feed, tool, check and reason: how many of what was looked at are not as they
-- should be. Counts of rows and dates only; nothing here is about a person.
--
-- `feed` is the vendor's raw feed for freshness, row_balance and quarantine, the canonical relation
-- for deliveries, coverage and unmatched_identities, and the category for complete_through.

with

feed_quality as (

    select * from {{ ref('int_feed_quality') }}

),

delivery_quality as (

    select * from {{ ref('int_delivery_quality') }}

),

coverage_quality as (

    select * from {{ ref('int_coverage_quality') }}

),

identity_quality as (

    select * from {{ ref('int_identity_quality') }}

),

complete_days as (

    select * from {{ ref('int_complete_days') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

checks as (
    {% for rows, columns in {
        'feed_quality': {'first_date': 'cast(null as date)'},
        'delivery_quality': {'tool_id': 'tool_id', 'check_name': "'deliveries'"},
        'coverage_quality': {
            'tool_id': 'tool_id', 'check_name': "'coverage'", 'reason': "'all'",
            'is_inferred': 'is_inferred',
        },
        'identity_quality': {
            'check_name': "'unmatched_identities'", 'first_date': 'cast(null as date)',
            'last_date': 'cast(null as date)',
        },
        'complete_days': {
            'feed': 'category', 'check_name': "'complete_through'", 'reason': "'all'",
            'n_checked': 'cast(null as bigint)', 'n_affected': 'cast(null as bigint)',
            'first_date': 'cast(null as date)', 'last_date': 'complete_through_date',
            'is_inferred': 'is_inferred',
        },
    }.items() %}
    select
        source_system,
        {{ columns.get('feed', 'feed') }} as feed,
        {{ columns.get('tool_id', "'all'") }} as tool_id,
        {{ columns.get('check_name', 'check_name') }} as check_name,
        {{ columns.get('reason', 'reason') }} as reason,
        {{ columns.get('n_checked', 'n_checked') }} as n_checked,
        {{ columns.get('n_affected', 'n_affected') }} as n_affected,
        {{ columns.get('first_date', 'first_date') }} as first_date,
        {{ columns.get('last_date', 'last_date') }} as last_date,
        {{ columns.get('is_inferred', 'false') }} as is_inferred

    from {{ rows }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- many checks : one row of settings.
judged as (

    select
        checks.source_system,
        checks.feed,
        checks.tool_id,
        checks.check_name,
        checks.reason,
        checks.n_checked,
        checks.n_affected,
        case
            when checks.check_name <> 'freshness'
                then {{ safe_rate('checks.n_affected', 'checks.n_checked') }}
        end as affected_rate,
        checks.first_date,
        checks.last_date,
        checks.is_inferred,
        {{ quality_status('checks') }} as status,
        settings.as_of_date,
        settings.rules_hash

    from checks

    cross join settings

)

select * from judged
