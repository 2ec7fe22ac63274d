{#- ISO 8601 text (or a native timestamp) to a UTC timestamp; naive text is UTC; NULL if unreadable.
    Needs the session time zone UTC (profiles.yml.example sets it). -#}
{% macro parse_timestamp(expression) %}{{ return(adapter.dispatch('parse_timestamp', 'certgap')(expression)) }}{% endmacro %}
{% macro default__parse_timestamp(expression) %}
    case
        when cast({{ expression }} as string) like '____-__-__%'
            then timezone('UTC', try_cast({{ expression }} as timestamptz))
    end
{% endmacro %}
{% macro spark__parse_timestamp(expression) %}
    case when cast({{ expression }} as string) like '____-__-__%' then try_cast({{ expression }} as timestamp) end
{% endmacro %}

{% macro epoch_ms_to_timestamp(expression) %}{{ return(adapter.dispatch('epoch_ms_to_timestamp', 'certgap')(expression)) }}{% endmacro %}
{% macro default__epoch_ms_to_timestamp(expression) %}make_timestamp(cast({{ expression }} as bigint) * 1000){% endmacro %}
{% macro spark__epoch_ms_to_timestamp(expression) %}timestamp_millis(cast({{ expression }} as bigint)){% endmacro %}

{#- Date of a UTC timestamp on the wall of `zone` (an IANA name that is_time_zone() accepted). -#}
{% macro to_local_date(instant, zone) %}{{ return(adapter.dispatch('to_local_date', 'certgap')(instant, zone)) }}{% endmacro %}
{% macro default__to_local_date(instant, zone) %}cast(timezone({{ zone }}, timezone('UTC', {{ instant }})) as date){% endmacro %}
{% macro spark__to_local_date(instant, zone) %}to_date(from_utc_timestamp({{ instant }}, {{ zone }})){% endmacro %}

{#- UTC of a timestamp that is the clock on the wall of `zone`. A time that comes twice, because clocks were set back, is
    its first occurrence (DuckDB alone would take the second, Spark takes the first); one that was skipped is moved on by
    what was skipped. -#}
{% macro local_to_utc(wall_time, zone) %}{{ return(adapter.dispatch('local_to_utc', 'certgap')(wall_time, zone)) }}{% endmacro %}
{% macro default__local_to_utc(wall_time, zone) %}
    case
        when timezone({{ zone }}, timezone({{ zone }}, ({{ wall_time }}) - interval 3 hour) + interval 3 hour) = ({{ wall_time }})
            then timezone('UTC', timezone({{ zone }}, ({{ wall_time }}) - interval 3 hour) + interval 3 hour)
        else timezone('UTC', timezone({{ zone }}, {{ wall_time }}))
    end
{% endmacro %}
{% macro spark__local_to_utc(wall_time, zone) %}to_utc_timestamp({{ wall_time }}, {{ zone }}){% endmacro %}

{#- ISO 8601 text on the clock of `zone` to a UTC timestamp. A day stays a day, and a text with an offset is what it says. -#}
{% macro parse_local_timestamp(expression, zone) %}
    case
        when length({{ expression }}) <= 10 or {{ regex_matches(expression, '(Z|[+-][0-9][0-9]:?[0-9][0-9])$') }}
            then {{ parse_timestamp(expression) }}
        else {{ local_to_utc(parse_timestamp(expression), zone) }}
    end
{% endmacro %}

{#- True for IANA zone names. The list is rendered into the SQL because Spark has none to ask. -#}
{% macro is_time_zone(expression) %}{{ expression }} in ({% for zone in modules.pytz.all_timezones %}'{{ zone }}'{{ ', ' if not loop.last }}{% endfor %}){% endmacro %}

{% macro add_days(day, n) %}{{ return(adapter.dispatch('add_days', 'certgap')(day, n)) }}{% endmacro %}
{% macro default__add_days(day, n) %}({{ day }} + cast({{ n }} as integer)){% endmacro %}
{% macro spark__add_days(day, n) %}date_add({{ day }}, cast({{ n }} as int)){% endmacro %}

{% macro days_between(later, earlier) %}{{ return(adapter.dispatch('days_between', 'certgap')(later, earlier)) }}{% endmacro %}
{% macro default__days_between(later, earlier) %}cast({{ later }} - {{ earlier }} as integer){% endmacro %}
{% macro spark__days_between(later, earlier) %}datediff({{ later }}, {{ earlier }}){% endmacro %}

{#- 1 = Monday … 7 = Sunday. -#}
{% macro iso_weekday(day) %}{{ return(adapter.dispatch('iso_weekday', 'certgap')(day)) }}{% endmacro %}
{% macro default__iso_weekday(day) %}cast(isodow({{ day }}) as integer){% endmacro %}
{% macro spark__iso_weekday(day) %}(weekday({{ day }}) + 1){% endmacro %}

{#- The Monday of a day's week, and the first Monday from the day on. -#}
{% macro monday_of(day) %}{{ add_days(day, '1 - ' ~ iso_weekday(day)) }}{% endmacro %}
{% macro monday_from(day) %}{{ add_days(day, '(8 - ' ~ iso_weekday(day) ~ ') % 7') }}{% endmacro %}

{#- First day of a day's week, where weeks end on this weekday (7: ISO weeks). -#}
{% macro week_start_of(day, week_end_weekday) %}{{ add_days(day, '-((' ~ iso_weekday(day) ~ ' + 6 - ' ~ week_end_weekday ~ ') % 7)') }}{% endmacro %}

{#- Select item: one row per day from first to last, both included. One such item per select. -#}
{% macro date_series(first_day, last_day) %}{{ return(adapter.dispatch('date_series', 'certgap')(first_day, last_day)) }}{% endmacro %}
{% macro default__date_series(first_day, last_day) %}cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date){% endmacro %}
{% macro spark__date_series(first_day, last_day) %}explode(sequence({{ first_day }}, {{ last_day }})){% endmacro %}

{#- 'YYYY-MM' of a date. -#}
{% macro year_month(day) %}substr(cast({{ day }} as string), 1, 7){% endmacro %}

{#- Whole seconds since 1970 of a UTC timestamp. -#}
{% macro epoch_seconds(instant) %}{{ return(adapter.dispatch('epoch_seconds', 'certgap')(instant)) }}{% endmacro %}
{% macro default__epoch_seconds(instant) %}cast(floor(epoch({{ instant }})) as bigint){% endmacro %}
{% macro spark__epoch_seconds(instant) %}unix_timestamp({{ instant }}){% endmacro %}
