-- The kept rows of base_generic__surveys in the contract's columns.

with

delivered_rows as (

    select * from {{ ref('base_generic__surveys') }}

),

renamed as (

    select
        response_id,
        alias_type,
        alias_value,
        survey_kind,
        question_id,
        value_number,
        value_text,
        responded_at,
        'generic' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
