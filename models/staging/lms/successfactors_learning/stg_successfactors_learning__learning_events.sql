-- One row per assignment on a learning plan and per entry of a learning history that has a time.

with

records as (

    select * from {{ ref('base_successfactors_learning__learninghistorys') }}

    where row_status = 'kept'

    union all

    select * from {{ ref('base_successfactors_learning__user_todo_learning_items') }}

    where row_status = 'kept'

),

learning_events as (
    {{ learning_record_events('successfactors_learning') }}
)

select * from learning_events
