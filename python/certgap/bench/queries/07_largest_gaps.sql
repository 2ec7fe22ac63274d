-- Where the gap is concentrated: the twenty groups with most missing adopters.
select
    tool_id,
    dimension,
    dimension_value,
    certification_gap,
    missing_adopters,
    share_of_missing_adopters,
    p_value_adjusted

from certification_gaps

where
    program_id = 'all'
    and checkpoint_day = 90
    and dimension in ('role_group', 'department', 'location')
    and missing_adopters is not null

order by
    missing_adopters desc,
    tool_id,
    dimension,
    dimension_value

limit 20
