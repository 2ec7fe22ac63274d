-- One row per item that a history or a learning plan names: its type and id, over all revisions.

with

records as (

    select * from {{ ref('base_successfactors_learning__learninghistorys') }}

    where row_status = 'kept'

    union all

    select * from {{ ref('base_successfactors_learning__user_todo_learning_items') }}

    where row_status = 'kept'

),

courses as (
    {{ learning_record_courses('successfactors_learning') }}
)

select * from courses
