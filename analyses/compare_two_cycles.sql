-- Question: does the second cycle of the program lead to more adoption than the first?
-- Say: the column `sentence`. A cycle is a program: other people, other dates. Pairs of programs
-- that are no cycles of each other are for the reader to leave out.
--
-- Each pair of programs, the earlier first, at equal N. The var first_publication (a number) takes
-- the first cycle as it was published. Figures under different rules are not compared: such a row
-- says so and carries no difference.

{% set first_publication = var('first_publication', 0) %}
{% set counts = (
    'n_adopted_of_second', 'n_eligible_of_second', 'n_adopted_of_first', 'n_eligible_of_first'
) %}
{{ config(meta={'joins': [
    {
        'name': 'cycles_to_starts', 'join': 'programs', 'kind': 'equality',
        'keys': [['program_id', 'program_id']], 'cardinality': 'many_to_one',
    },
    {
        'name': 'first_cycles_to_second_cycles', 'join': 'second_cycles', 'kind': 'range',
        'keys': [['tool_id', 'tool_id'], ['checkpoint_day', 'checkpoint_day']],
        'range': [['starts_on', '<', 'starts_on']], 'cardinality': 'many_to_many',
    },
]}) }}

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where
        dimension = 'all'
        and program_id <> 'all'
        -- All tools of one program are others than those of the next.
        and tool_id <> 'all'

),

published_figures as (

    select * from {{ ref('published_figures') }}

    where
        dimension = 'all'
        and program_id <> 'all'
        and metric_name = 'adoption_rate'
        and publication_id = {{ first_publication }}

),

programs as (

    select * from {{ ref('dim_programs') }}

),

cycles as (

    select
        0 as publication_id,
        program_id,
        tool_id,
        checkpoint_day,
        n_adopted,
        n_eligible,
        rules_hash

    from adoption_rates

    union all

    select
        publication_id,
        program_id,
        tool_id,
        checkpoint_day,
        numerator as n_adopted,
        denominator as n_eligible,
        rules_hash

    from published_figures

),

-- many cycles : one program.
with_start as (

    select
        cycles.publication_id,
        cycles.program_id,
        cycles.tool_id,
        cycles.checkpoint_day,
        cycles.n_adopted,
        cycles.n_eligible,
        cycles.rules_hash,
        programs.starts_on

    from cycles

    inner join programs
        on cycles.program_id = programs.program_id

),

first_cycles as (

    select * from with_start

    where publication_id = {{ first_publication }}

),

second_cycles as (

    select * from with_start

    where publication_id = 0

),

-- many first cycles : many later ones.
pairs as (

    select
        first_cycles.program_id as first_program_id,
        second_cycles.program_id as second_program_id,
        first_cycles.tool_id,
        first_cycles.checkpoint_day,
        first_cycles.n_adopted as n_adopted_of_first,
        first_cycles.n_eligible as n_eligible_of_first,
        second_cycles.n_adopted as n_adopted_of_second,
        second_cycles.n_eligible as n_eligible_of_second,
        first_cycles.rules_hash as rules_hash_of_first,
        second_cycles.rules_hash as rules_hash_of_second,
        {{ safe_rate('first_cycles.n_adopted', 'first_cycles.n_eligible') }}
            as adoption_rate_of_first,
        {{ safe_rate('second_cycles.n_adopted', 'second_cycles.n_eligible') }}
            as adoption_rate_of_second

    from first_cycles

    inner join second_cycles
        on first_cycles.tool_id = second_cycles.tool_id
        and first_cycles.checkpoint_day = second_cycles.checkpoint_day
        and first_cycles.starts_on < second_cycles.starts_on

),

with_interval as (

    select
        *,
        {{ newcombe_low(*counts) }} as newcombe_low,
        {{ newcombe_high(*counts) }} as newcombe_high

    from pairs

),

with_verdict as (

    select
        first_program_id,
        second_program_id,
        tool_id,
        checkpoint_day,
        n_eligible_of_first,
        adoption_rate_of_first,
        n_eligible_of_second,
        adoption_rate_of_second,
        case
            when rules_hash_of_first = rules_hash_of_second
                then adoption_rate_of_second - adoption_rate_of_first
        end as difference,
        case when rules_hash_of_first = rules_hash_of_second then newcombe_low end
            as difference_low,
        case when rules_hash_of_first = rules_hash_of_second then newcombe_high end
            as difference_high,
        case
            when rules_hash_of_first <> rules_hash_of_second
                then
                    'refused: measured under different rules (' || rules_hash_of_first || ' and '
                    || rules_hash_of_second || ')'
            when
                least(n_eligible_of_first, n_eligible_of_second) < {{ display_floor() }}
                then 'insufficient evidence'
            when newcombe_low > 0 then 'the second cycle adopts more'
            when newcombe_high < 0 then 'the second cycle adopts less'
            else 'no significant difference'
        end as verdict

    from with_interval

),

answer as (

    select
        *,
        tool_id || ', ' || second_program_id || ' after ' || first_program_id || ', day '
        || cast(checkpoint_day as string) || ': ' || verdict
        || case
            when difference is null or verdict = 'insufficient evidence' then '.'
            else
                ', ' || {{ told_percent('adoption_rate_of_second') }} || ' after '
                || {{ told_percent('adoption_rate_of_first') }} || ', '
                || {{ told_points('100 * difference') }}
                || {{ told_interval('100 * difference_low', '100 * difference_high') }}
                || '. Other people, other dates: observed, not proven.'
        end as sentence

    from with_verdict

)

select * from answer
order by first_program_id, second_program_id, tool_id, checkpoint_day
