-- One row per program and wave, with the day on which its readiness is judged.
--
-- judged_on is the wave's first day, or as_of_date while that is still to come: then the row says
-- how things stand.

with

waves as (

    select * from {{ ref('stg_reference__program_waves') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- many waves : the one row of settings.
program_waves as (

    select
        waves.program_id,
        waves.wave_id,
        coalesce(waves.wave_name, waves.wave_id) as wave_name,
        waves.starts_on,
        least(waves.starts_on, settings.as_of_date) as judged_on,
        waves.starts_on <= settings.as_of_date as is_started

    from waves

    cross join settings

)

select * from program_waves
