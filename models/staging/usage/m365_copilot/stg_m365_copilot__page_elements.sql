-- One row per user in a page of the report as Graph gives it in JSON, and one per page without
-- users. A view: only its base model reads it, and the texts need not be stored twice.
{{ config(materialized='view') }}

with

pages as (

    select * from {{ source('m365_copilot', 'usage_user_detail_pages') }}

),

{{ page_elements(
    '$.value',
    has_next=regex_matches("coalesce(document_text, '')", '"@odata.nextLink"[ ]*:[ ]*"[^"]')
) }}

select * from page_elements
