-- One row per program, wave and person in it: employed on the day the wave is judged, and that day
-- in one of the wave's groups.
--
-- Who moves into a department later is not in its wave. People are counted once, however many of
-- the groups they are in.

with

waves as (

    select * from {{ ref('int_program_waves') }}

),

members as (

    select * from {{ ref('stg_reference__program_wave_members') }}

),

employed as (

    select * from {{ ref('int_employment_intervals') }}

    where not is_terminated

),

attributes as (

    {% for kind in ['employee_id', 'department', 'location', 'role_group'] %}
    select
        employee_id,
        valid_from,
        valid_to,
        '{{ kind }}' as member_kind,
        {{ kind }} as member_value

    from employed

    where {{ kind }} is not null

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- many groups : the one wave they are in. A group of a wave nobody lists stops the build.
wave_members as (

    select
        members.program_id,
        members.wave_id,
        members.member_kind,
        members.member_value,
        waves.judged_on

    from members

    inner join waves
        on members.program_id = waves.program_id
        and members.wave_id = waves.wave_id

),

-- one group : many people who are in it that day. A group without anybody is excluded: it adds
-- nobody.
wave_people as (

    select distinct
        wave_members.program_id,
        wave_members.wave_id,
        wave_members.judged_on,
        attributes.employee_id

    from wave_members

    inner join attributes
        on wave_members.member_kind = attributes.member_kind
        and wave_members.member_value = attributes.member_value
        and wave_members.judged_on >= attributes.valid_from
        and wave_members.judged_on < attributes.valid_to

)

select * from wave_people
