-- Question: learning reports completion, IT reports use: who answers for the difference?
-- Say: the column `sentence`. It names the owner that the seed of programs has, or that there is
-- none, and what is not known.

{{ config(meta={'joins': [{
    'name': 'summaries_to_programs', 'join': 'programs', 'kind': 'equality',
    'keys': [['program_id', 'program_id']], 'cardinality': 'many_to_one',
}]}) }}

with

summaries as (

    select
        program_id,
        gap_checkpoint_day,
        not_known,
        n_assigned >= {{ display_floor() }} as are_enough_assigned,
        case when n_assigned >= {{ display_floor() }} then completion_rate end as completion_rate,
        case
            when
                n_assigned >= {{ display_floor() }}
                and n_eligible_last >= {{ display_floor() }}
                then certification_gap
        end as gap

    from {{ ref('board_summary') }}

    where
        completion_quarter = 'all'
        and program_id <> 'all'

),

programs as (

    select * from {{ ref('dim_programs') }}

),

-- many summaries : one program.
with_owners as (

    select
        summaries.program_id,
        programs.program_name,
        programs.metric_owner,
        summaries.completion_rate,
        summaries.completion_rate - summaries.gap as adoption_rate,
        summaries.gap as certification_gap,
        summaries.gap_checkpoint_day as checkpoint_day,
        summaries.not_known,
        summaries.are_enough_assigned,
        coalesce(programs.program_name, summaries.program_id) as told_name,
        {{ told_percent('summaries.completion_rate') }} as completed,
        {{ told_percent('(summaries.completion_rate - summaries.gap)') }} as adopted

    from summaries

    inner join programs
        on summaries.program_id = programs.program_id

),

answer as (

    select
        program_id,
        program_name,
        metric_owner,
        completion_rate,
        adoption_rate,
        certification_gap,
        checkpoint_day,
        not_known,
        coalesce(metric_owner || ' answers', 'Nobody is named to answer')
        || ' for the difference in ' || told_name || ': '
        || case
            when certification_gap is not null
                then
                    'of those assigned ' || completed
                    || ' completed it, and of the completions that can be judged ' || adopted
                    || ' were followed by use in the week that ends on day '
                    || cast(checkpoint_day as string) || '.'
            when are_enough_assigned then 'too few can be judged to say how large it is.'
            else 'too few were assigned, or nobody, to say how large it is.'
        end
        || coalesce(' Not known: ' || not_known || '.', '') as sentence

    from with_owners

)

select * from answer
order by program_id
