-- One row per benchmark figure, a range of rates (0-1) with its source.

with

benchmarks as (

    select
        {{ reference_columns(ref('benchmarks'), {
            'metric_id': 'string',
            'low': 'double',
            'high': 'double',
            'citation': 'string'
        }) }}

    from {{ ref('benchmarks') }}

)

select * from benchmarks
