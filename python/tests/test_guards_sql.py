"""Every form of a join is found, and nothing else."""

from __future__ import annotations

import pytest

from certgap.guards.check import differences
from certgap.guards.sql_joins import Condition, find_joins

FORMS = [
    ("select a.x from a left join b on a.k = b.k", "b", "join", "left"),
    ("select a.x from a join b on a.k = b.k", "b", "join", "inner"),
    ("select a.x from a join b using (k)", "b", "join", "inner"),
    ("select a.x from a full join b on a.k = b.k", "b", "join", "full"),
    ("select a.x from a right join b on a.k = b.k", "b", "join", "right"),
    ("select a.x from a semi join b on a.k = b.k", "b", "join", "semi"),
    ("select a.x from a anti join b on a.k = b.k", "b", "join", "anti"),
    ("select a.x from a cross join b", "b", "join", "cross"),
    ("select a.x from a natural join b", "b", "join", "cross"),
    ("select a.x from a asof join b on a.k = b.k and a.d >= b.d", "b", "join", "inner"),
    ("select a.x from (a join b on a.k = b.k)", "b", "join", "inner"),
    ("select a.x from a, b where a.k = b.k", "b", "comma", "cross"),
    ("select a.x from a, lateral (select a.x) as b", "b", "lateral", "cross"),
    ("select a.x from a cross join lateral (select a.x) as b", "b", "lateral", "cross"),
    ("select a.x from a, unnest(a.list) as b(y)", "b", "lateral", "cross"),
    ("select x from a where k in (select k from b)", "b", "in", "semi"),
    ("select x from a where k not in (select k from b)", "b", "in", "anti"),
    ("select case when k in (select k from b) then 1 end from a", "b", "in", "semi"),
    ("select x from a where exists (select 1 from b where b.k = a.k)", "b", "exists", "semi"),
    ("select x from a where not exists (select 1 from b where k = x)", "b", "exists", "anti"),
    ("select x from a where k = any (select k from b)", "b", "any", "semi"),
    ("select (select max(v) from b where b.k = a.k) as v from a", "b", "scalar", "cross"),
    ("select x from a where d = (select max(d) from b)", "b", "scalar", "cross"),
    ("select x from a where (select max(k) from b) in (1, 2)", "b", "scalar", "cross"),
    ("select array(select v from b where b.k = a.k) as v from a", "b", "scalar", "cross"),
    ("select k from a intersect select k from b", "b", "intersect", ""),
    ("select k from a except select k from b", "b", "except", ""),
    ("with c as (select a.x from a join b on a.k = b.k) select * from c", "b", "join", "inner"),
    ("create table t as select a.x from a join b on a.k = b.k", "b", "join", "inner"),
]

NO_JOINS = [
    "select unnest(list) as item from a",
    "select k from a union all select k from b",
    "select x from a where k in ('x', 'y')",
    "with b as (select * from a) select count(*) from b",
    "select sum(v) over (partition by k order by d) from a",
    "select x from (select x from a) as b",
    "with __dbt__cte__e as (select a.x from a join b on a.k = b.k) select * from __dbt__cte__e",
]


@pytest.mark.parametrize(("sql", "right", "form", "side"), FORMS)
def test_each_form_is_found_once(sql, right, form, side):
    assert [(j.right, j.form, j.side) for j in find_joins(sql)] == [(right, form, side)]


@pytest.mark.parametrize("sql", NO_JOINS)
def test_what_is_no_join_is_not_found(sql):
    assert find_joins(sql) == []


def test_conditions_stand_left_to_right_whatever_the_order():
    on = "b.k = a.k and b.upto > a.d and a.d between b.f and b.t and b.kind = 'x'"
    [join] = find_joins(f"select 1 from a left join b on {on}")
    assert join.conditions == [
        Condition("k", "=", "k"),
        Condition("d", "<", "upto"),
        Condition("d", ">=", "f"),
        Condition("d", "<=", "t"),
    ]
    assert join.one_sided == [("right", "kind = 'x'")]


@pytest.mark.parametrize(
    "on",
    ["k = b.k", "a.k = b.k or a.l = b.l", "a.k = b.k and a.x + b.x > b.y", "a.k like b.k"],
)
def test_conditions_no_declaration_can_state_are_refused(on):
    [join] = find_joins(f"select 1 from a left join b on {on}")
    assert join.unreadable


def test_expressions_may_be_keys():
    [join] = find_joins("select 1 from a left join b on coalesce(a.k, 'none') = b.k")
    declared = {
        "join": "b",
        "kind": "equality",
        "keys": [["coalesce(k, 'none')", "k"]],
        "unmatched": "keep",
    }
    assert differences(join, declared) == []
    assert differences(join, {**declared, "keys": [["k", "k"]]}) != []


def test_an_excluding_join_is_inner_unless_declared_otherwise():
    [join] = find_joins("select 1 from a left join b on a.k = b.k")
    declared = {"join": "b", "kind": "equality", "keys": [["k", "k"]], "unmatched": "exclude"}
    assert differences(join, declared) != []
    assert differences(join, {**declared, "sql_join": "left"}) == []
