-- One row per tool, dimension and value with seats or completers, one `all` row for each tool of
-- the seed, and `unattributed` where somebody HR does not know holds a seat.
--
-- Counts of people and seats, and sums of what was reported; NULL: nothing was. The days and
-- whether seats are measured are the tool's.

with

people as (

    select * from {{ ref('int_licence_people') }}

),

seats as (

    select * from {{ ref('int_licence_seats') }}

    where employee_id is null

),

windows as (

    select * from {{ ref('int_licence_windows') }}

),

stacked as (

    {% for dimension, value in licence_dimensions().items() %}
    select
        tool_id,
        '{{ dimension }}' as dimension,
        {{ value }} as dimension_value,
        {{ count_licences() }}

    from people

    group by
        {{ value ~ ',' if dimension != 'all' }}
        tool_id

    union all

    {% endfor %}
    select
        tool_id,
        'unattributed' as dimension,
        'unattributed' as dimension_value,
        {{ no_licences({
            'n_seats': 'count(*)',
            'n_seats_without_cost': 'count(*) - count(monthly_cost)',
            'monthly_cost': exact_sum('monthly_cost'),
        }) }}

    from seats

    group by tool_id

    union all

    -- A tool without seats and completers has a row, too.
    select
        tool_id,
        'all' as dimension,
        'all' as dimension_value,
        {{ no_licences({}) }}

    from windows

),

counted as (

    select
        tool_id,
        dimension,
        dimension_value,
        {{ sum_licence_counts() }}

    from stacked

    group by
        tool_id,
        dimension,
        dimension_value

),

-- many groups : one tool, which a guard insists on.
tool_licence_counts as (

    select
        counted.*,
        windows.seat_date,
        windows.use_through_date,
        windows.is_week_covered,
        windows.seat_date is not null as is_measured,
        case
            when not windows.is_sold_by_seat then 'open_licence'
            when windows.seat_date is null then 'no_licence_feed'
        end as not_measured_reason

    from counted

    left join windows
        on counted.tool_id = windows.tool_id

)

select * from tool_licence_counts
