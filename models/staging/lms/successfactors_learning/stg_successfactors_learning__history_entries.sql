-- One row per entry of a learning history, and one per page without any.
--
-- No entry says whose it is: the user is in the name of the file or of its folder. Several entries
-- of one item are attempts, told apart by their time; entry_number numbers those of one time,
-- credit first, and is the same for an entry that stands in the file twice. The number of a page
-- comes after the date; before it, it would be part of the user's name.

with

pages as (

    select * from {{ source('successfactors_learning', 'learninghistorys') }}

),

{{ page_elements('$.value') }},

typed as (

    select
        element_text,
        {{ clean_alias(regex_get(
            'lower(source_file)',
            '/learninghistorys_([^/]+?)(_[0-9]{4}-[0-9]{2}-[0-9]{2}(_[0-9]+)?)?(/[^/]*)?[.]json$',
            1
        )) }} as user_id,
        {{ clean_text(json_get('element_text', '$.componentTypeID')) }} as item_type,
        {{ clean_text(json_get('element_text', '$.componentID')) }} as item_id,
        {{ clean_text(json_get('element_text', '$.title')) }} as title,
        {{ try_cast(json_get('element_text', '$.revisionDate'), 'bigint') }} as revision_ms,
        {{ try_cast(json_get('element_text', '$.totalHours'), 'double') }} as total_hours,
        {{ try_cast(json_get('element_text', '$.grade'), 'double') }} as grade,
        {{ clean_text(json_get('element_text', '$.completionStatusID')) }} as completion_status,
        {{ clean_text(json_get('element_text', '$.completionDate')) }} as completion_text,
        {{ try_cast(json_get('element_text', '$.completionDate'), 'bigint') }} as completion_ms,
        {{ clean_text(json_get('element_text', '$.provideCredit')) }} as credit_text,
        {{ try_cast(json_get('element_text', '$.provideCredit'), 'boolean') }} as has_credit_flag,
        -- The status is the tenant's wording; these two are the vendor's.
        case lower({{ clean_text(json_get('element_text', '$.status')) }})
            when 'for credit' then true
            when 'not for credit' then false
        end as has_credit_status,
        raw_text,
        is_empty_page,
        source_file,
        extracted_at

    from page_elements

),

history_entries as (

    select
        *,
        dense_rank() over (
            partition by source_file, item_type, item_id, completion_ms
            order by
                case when coalesce(has_credit_flag, has_credit_status) then 0 else 1 end,
                element_text
        ) as entry_number

    from typed

)

select * from history_entries
