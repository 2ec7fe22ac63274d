-- One row per alias and period with at most one owner: periods of one alias never overlap.
--
-- Claims are cut where any claim of the alias starts or ends; in each piece the strongest claims
-- decide. Two different employees among them: nobody owns the alias (`conflict`), never a guess.
-- An owner HR does not know gives `unknown_employee`. employee_id is set only when `matched`.

with

alias_claims as (

    select * from {{ ref('int_alias_claims') }}

),

employees as (

    select employee_id from {{ ref('int_employees') }}

),

boundaries as (

    select
        alias_type,
        alias_value,
        valid_from as boundary_date

    from alias_claims

    union

    select
        alias_type,
        alias_value,
        valid_to as boundary_date

    from alias_claims

),

pieces as (

    select
        alias_type,
        alias_value,
        boundary_date as valid_from,
        lead(boundary_date) over (
            partition by alias_type, alias_value
            order by boundary_date
        ) as valid_to

    from boundaries

),

-- one piece : one or many claims that cover it whole. Pieces in a gap between claims match
-- nothing and are nobody's.
claimed_pieces as (

    select
        pieces.alias_type,
        pieces.alias_value,
        pieces.valid_from,
        pieces.valid_to,
        alias_claims.employee_id,
        alias_claims.precedence,
        min(alias_claims.precedence) over (
            partition by pieces.alias_type, pieces.alias_value, pieces.valid_from
        ) as best_precedence

    from pieces

    inner join alias_claims
        on pieces.alias_type = alias_claims.alias_type
        and pieces.alias_value = alias_claims.alias_value
        and pieces.valid_from >= alias_claims.valid_from
        and pieces.valid_from < alias_claims.valid_to

),

decided as (

    select
        alias_type,
        alias_value,
        valid_from,
        valid_to,
        min(employee_id) as claimed_employee_id,
        min(employee_id) = max(employee_id) as is_undisputed

    from claimed_pieces

    where precedence = best_precedence

    group by alias_type, alias_value, valid_from, valid_to

),

-- many pieces : zero or one employee. A claimed employee HR does not know stays, flagged.
owners as (

    select
        decided.alias_type,
        decided.alias_value,
        decided.valid_from,
        decided.valid_to,
        case
            when decided.is_undisputed then employees.employee_id
        end as employee_id,
        case
            when not decided.is_undisputed then 'conflict'
            when employees.employee_id is null then 'unknown_employee'
            else 'matched'
        end as identity_status

    from decided

    left join employees
        on decided.claimed_employee_id = employees.employee_id

)

select * from owners
