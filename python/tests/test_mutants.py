"""Mutation tests: what is mutated, and that the machinery notices what it must.

Some mutants of two of the project's models are tried here, by the unit tests that `make test` has
run; `make mutants` tries all.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from certgap.mutants import page
from certgap.mutants.equivalents import (
    UNION_OF_OTHERS,
    UNION_OF_UNIQUE_ROWS,
    read_equivalents,
)
from certgap.mutants.flows import Built, Company
from certgap.mutants.mutate import MutableSql, Mutant
from certgap.mutants.operators import OPERATORS
from certgap.mutants.project import DataTest, Model, TestedProject, UnitTest, read_project
from certgap.mutants.run import Options, Result, Sample, asked_mutants
from certgap.mutants.trials import Unbound, UnitTrials, limited


def mutants(sql: str, operator: str) -> set[str]:
    mutable = MutableSql("m", sql)
    return {
        mutable.mutated(number).lower()
        for number, mutant in enumerate(mutable.mutants)
        if mutant.operator == operator
    }


A_JOIN = "select a.x from a left join b on a.k = b.k and a.d >= b.f"
CASES = [
    ("join_kind", A_JOIN, {"select a.x from a join b on a.k = b.k and a.d >= b.f"}),
    ("join_kind", "select x from a join b using (k)", {"select x from a left join b using (k)"}),
    (
        "join_kind",
        "select x from a where k in (select k from b)",
        {"select x from a where not k in (select k from b)"},
    ),
    (
        "join_key",
        A_JOIN,
        {
            "select a.x from a left join b on a.d >= b.f",
            "select a.x from a left join b on a.k = b.k",
        },
    ),
    ("join_key", "select x from a join b on a.k = b.k", {"select x from a join b on true"}),
    ("boundary", A_JOIN, {"select a.x from a left join b on a.k = b.k and a.d > b.f"}),
    (
        "boundary",
        "select x between 1 and 2",
        {"select (x > 1 and x <= 2)", "select (x >= 1 and x < 2)"},
    ),
    ("comparison", "select x = 1", {"select x <> 1"}),
    (
        "comparison",
        "select x is not distinct from y",
        {"select x = y"},
    ),
    ("comparison", A_JOIN, set()),  # join_key drops it
    ("and_or", "select a and (b or c)", {"select (a or (b or c))", "select a and ((b and c))"}),
    ("negation", "select not a", {"select (a)"}),
    ("negation", "select a is null", {"select not (a is null)"}),
    (
        "condition",
        "select x from a where p and q",
        {"select x from a where q", "select x from a where p"},
    ),
    (
        "condition",
        "select sum(x) filter (where p) from a",
        {"select sum(x) filter(where true) from a"},
    ),
    ("constant", "select x + 7", {"select x + 8"}),
    ("constant", "select 'a'", {"select 'a_mutated'"}),
    ("constant", "select true", {"select false"}),
    ("constant", "select cast('9999-12-31' as date)", {"select cast('9999-12-30' as date)"}),
    (
        "constant",
        "select 1 from a where exists (select 1 from b)",
        {"select 2 from a where exists(select 1 from b)"},
    ),
    ("coalesce", "select coalesce(a, b)", {"select (a)", "select (b)"}),
    ("coalesce", "select nullif(a, '')", {"select (a)"}),
    (
        "case",
        "select case when a then 1 when b then 2 else 3 end",
        {
            "select case when b then 2 else 3 end",
            "select case when a then 1 else 3 end",
            "select case when a then 1 when b then 2 end",
        },
    ),
    ("arithmetic", "select a * b", {"select (a / b)"}),
    ("aggregate", "select min(a), sum(b)", {"select max(a), sum(b)", "select min(a), max(b)"}),
    ("aggregate", "select count(distinct a)", {"select count(a)"}),
    ("distinct", "select distinct a from b", {"select a from b"}),
    (
        "distinct",
        "select a from b union all select a from c",
        {"select a from b union select a from c"},
    ),
    (
        "window",
        "select row_number() over (partition by p order by a, b desc)",
        {
            "select row_number() over (order by a, b desc)",
            "select row_number() over (partition by p order by a desc, b desc)",
            "select row_number() over (partition by p order by a, b asc)",
            "select row_number() over (partition by p order by b desc)",
            "select row_number() over (partition by p order by a)",
        },
    ),
    ("extreme", "select greatest(a, b)", {"select least(a, b)"}),
]  # fmt: skip


# Sets print in another order in each process, and pytest-xdist wants the same names in all.
@pytest.mark.parametrize(
    ("operator", "sql", "expected"), CASES, ids=[f"{case[0]} {case[1][:60]}" for case in CASES]
)
def test_an_operator_writes_what_it_says(operator, sql, expected):
    assert mutants(sql, operator) == expected


def test_every_operator_has_a_case():
    assert {case[0] for case in CASES} == {operator.__name__ for operator in OPERATORS}


LONG = """
with
a as (select k, string_agg(x, '|' order by x) as xs, regexp_extract(max(y), '^[0-9]+') as n from t group by k),
b as (select k, d, row_number() over (partition by k order by d desc) as r from u where d < date '2026-01-01')
select a.k, coalesce(a.xs, '') as xs, b.d from a left join b on a.k = b.k and b.r = 1 and a.n > b.d
union all
select k, null, d from b where k not in (select k from a)
"""  # noqa: E501


def test_a_mutant_is_written_as_if_all_of_it_were_written_anew():
    mutable = MutableSql("m", LONG)
    before = mutable.original
    written = [mutable.mutated(number) for number in range(len(mutable.mutants))]
    assert mutable.original == before and before not in written
    assert len(set(written)) > 0.9 * len(written)
    assert all(MutableSql("m", sql).original == sql for sql in written)


def test_a_mutant_of_a_macros_branch_changes_the_statement():
    sql = "select cast(0 + case when a <= 14 and b > 14 then 32 else 0 end as bigint) as c from t"
    mutable = MutableSql("m", sql, "select {{ weeks() }} as c from t")
    before = mutable.original
    written = [mutable.mutated(number) for number in range(len(mutable.mutants))]
    assert len(written) == 10 and before not in written
    assert all(MutableSql("m", sql).original == sql for sql in written)


def test_names_stay_when_something_else_changes():
    ids = {mutant.id for mutant in MutableSql("m", LONG).mutants}
    changed = MutableSql("m", LONG.replace("2026-01-01", "2026-06-01")).mutants
    assert len(ids - {mutant.id for mutant in changed}) <= 3
    assert len(ids) == len(MutableSql("m", LONG).mutants)


def test_mutants_of_joins_are_told_apart():
    joins = {m.before.lower() for m in MutableSql("m", LONG).mutants if m.is_join}
    assert any("left join b" in before for before in joins)
    assert any(before.startswith("not k in") for before in joins)
    assert "d < cast('2026-01-01' as date)" not in joins


MODEL = 'select i.k, i.n from (select k, n from "c"."s"."inputs" where n >= 2) as i'


def unit_test(name: str, rows: str, expected: str, model: str = MODEL) -> UnitTest:
    sql = model.replace('"c"."s"."inputs"', "__dbt__cte__inputs").replace(
        "select i.k", f"with __dbt__cte__inputs as ({rows}) select i.k"
    )
    return UnitTest(name, "m", sql, "k, n", expected)


INSIDE = unit_test("inside", "select 'a' as k, 5 as n", "select 'a' as k, 5 as n")
EDGE = unit_test("edge", "select 'b' as k, 2 as n", "select 'b' as k, 2 as n")


def trials(*tests: UnitTest) -> tuple[MutableSql, UnitTrials]:
    mutable = MutableSql("m", MODEL)
    return mutable, UnitTrials(duckdb.connect(), list(tests), mutable)


def survivors(mutable: MutableSql, units: UnitTrials) -> list[str]:
    return sorted(
        mutant.operator
        for number, mutant in enumerate(mutable.mutants)
        if units.verdict(number) is None
    )


def test_a_test_that_misses_the_edge_leaves_survivors_and_one_on_the_edge_does_not():
    assert survivors(*trials(INSIDE)) == ["boundary", "condition", "constant"]
    both = trials(INSIDE, EDGE, unit_test("below", "select 'c' as k, 1 as n", ""))
    assert survivors(*both) == []
    assert survivors(*trials()) == sorted(mutant.operator for mutant in both[0].mutants)


def test_a_test_under_other_vars_has_the_same_mutants():
    of_three = MODEL.replace("n >= 2", "n >= 3")
    edge = unit_test("edge", "select 'b' as k, 3 as n", "select 'b' as k, 3 as n", of_three)
    below = unit_test("below", "select 'c' as k, 2 as n", "", of_three)
    assert survivors(*trials(edge, below)) == []
    longer = MODEL.replace("n >= 2", "n >= 3 and n < 9")
    other = unit_test("other", "select 'b' as k, 3 as n", "select 'b' as k, 3 as n", longer)
    # Its SQL is another: what cannot be found in it is not tried.
    assert survivors(*trials(other)) == ["boundary", "condition", "constant"]
    more = MODEL.replace("n >= 2", "n >= 2 and n < 9")
    edge = unit_test("edge", "select 'b' as k, 2 as n", "select 'b' as k, 2 as n", more)
    assert survivors(*trials(edge)) == ["condition"]


def test_under_other_vars_the_mutants_of_a_cte_are_found_whatever_became_of_the_others():
    first = "with near as (select k, n from t where n >= {}), "
    ours = MutableSql(
        "m", first.format(2) + "b as (select k, n + 1 as n from near) select k from b"
    )
    theirs = MutableSql(
        "m", first.format(3) + "b as (select k, n + 1 + 2 as n from near) select k from b"
    )
    found = {
        (mutant.cte, mutant.after): theirs.mutants[place].after if place is not None else None
        for mutant, place in zip(ours.mutants, ours.places_in(theirs), strict=True)
    }
    assert found[("near", "n > 2")] == "n > 3" and found[("near", "3")] == "4"
    # Of a CTE with other sites only what reads the same.
    assert found[("b", "(n - 1)")] == "(n - 1)" and found[("b", "2")] == "2"
    other = MutableSql("m", first.format(3) + "b as (select k, n + 4 from near) select k from b")
    assert None not in ours.places_in(other)
    gone = MutableSql("m", first.format(3) + "c as (select k, n from near) select k from c")
    assert None in ours.places_in(gone)


def test_a_test_that_fails_without_any_mutant_is_no_test():
    broken = unit_test("broken", "select 'a' as k, 5 as n", "select 'a' as k, 6 as n")
    with pytest.raises(AssertionError, match="broken fails on m as it is"):
        trials(broken)


def test_what_cannot_be_bound_is_no_mutant(monkeypatch):
    _, units = trials(INSIDE)
    monkeypatch.setattr(MutableSql, "mutated", lambda self, place: "select k, n from nowhere")
    with pytest.raises(Unbound):
        units.verdict(0)


def test_a_statement_that_never_ends_is_stopped():
    connection = duckdb.connect(config={"threads": 1})
    endless = "select count(*) from range(10000000) a, range(10000000) b where a.range < b.range"
    with pytest.raises(duckdb.InterruptException), limited(connection, 0.2):
        connection.execute(endless).fetchall()
    assert connection.execute("select 1").fetchone() == (1,)


@pytest.fixture
def small() -> Company:
    """A model, a view of it and a table of that, with a data test on the last."""
    connection = duckdb.connect()
    connection.execute("create table given as from range(1, 6) as t(n)")
    models = {}
    for name, sql, is_view, parents in (
        ("kept", "select n from given where n >= 1", False, ()),
        ("seen", "select n, n > 2 as is_large from kept", True, ("kept",)),
        ("summed", "select count(*) as c from seen where n < 9", False, ("seen",)),
        ("beside", "select 1 as one", False, ()),
    ):
        connection.execute(f"create {'view' if is_view else 'table'} {name} as {sql}")
        models[name] = Built(name, f'"main"."{name}"', sql, is_view, parents)
    test = DataTest("some", ("summed",), "from summed where c < 4", "count(*)", ("!= 0",))
    return Company("small", connection, models, {}, [test])


def test_what_a_mutant_changes_is_followed_to_the_test_that_notices(small):
    small.check()
    noticed = small.verdict("kept", "select n from given where n > 3")
    assert (noticed.status, noticed.by) == ("data", "some")
    assert small.verdict("kept", "select n from given where n > 1").status == "different"
    assert small.verdict("kept", "select n from given where n > 0").status == "same"
    assert small.verdict("beside", "select 2 as one").status == "different"
    assert small.verdict("seen", "select n, n > 3 as is_large from kept").status == "different"
    with pytest.raises(Unbound):
        small.verdict("kept", "select m from given")
    # Nothing of it stays.
    small.check()
    assert small.connection.execute("select c from summed").fetchone() == (5,)


def test_an_error_below_the_mutant_is_noticed(small):
    noticed = small.verdict("kept", "select 'x' || n as n from given")
    assert noticed.status == "data"
    small.check()


def test_a_data_test_that_fails_without_any_mutant_is_no_test(small):
    small.tests = [DataTest("always", ("summed",), "from summed", "count(*)", ("!= 0",))]
    with pytest.raises(AssertionError, match="always"):
        small.check()


def result(
    number: int, status: str, is_join: bool = False, construct: str = "", rule: str = ""
) -> Result:
    mutant = Mutant("m", "constant", "", str(number), str(number + 1), 0, is_join, construct, rule)
    return Result(mutant.id, mutant, "marts", status, "", 0.1, "", "")


def test_the_verdict_on_a_run():
    killed = [result(number, "unit") for number in range(95)]
    some = [result(number, "different") for number in range(100, 105)]
    assert page.Outcome(killed + some, {}).is_good
    assert not page.Outcome(killed[1:] + some, {}).is_good
    join = result(200, "same", is_join=True)
    assert not page.Outcome([*killed, join], {}).is_good
    # Noticed mutants of joins do not make up for others.
    joins = [result(number, "unit", is_join=True) for number in range(400, 900)]
    assert not page.Outcome([*joins, *killed[:18], *some[:2]], {}).is_good
    assert page.Outcome([*killed, join], {join.id: "means the same"}).is_good
    stale = page.Outcome(killed, {killed[0].id: "means the same"})
    assert not stale.is_good and killed[0].id in stale.summary
    assert page.Outcome([*killed, result(300, "invalid")], {}).rate() == 1


def test_copies_count_once_and_are_noticed_where_one_of_them_is():
    copies = [result(n, "same", construct="macro.a") for n in range(3)]
    outcome = page.Outcome([*copies, result(3, "unit", construct="macro.a")], {})
    assert outcome.counted(outcome.results) == (1, 1) and not outcome.survivors
    outcome = page.Outcome([*copies, result(3, "unit", construct="macro.b")], {})
    assert outcome.counted(outcome.results) == (1, 2) and len(outcome.survivors) == 1


def test_an_equivalent_by_a_rule_that_a_test_notices_is_an_error():
    by_rule = result(1, "same", rule=UNION_OF_OTHERS)
    killed = result(2, "unit")
    assert page.Outcome([by_rule, killed], {}).is_good
    wrong = page.Outcome([result(1, "data", rule=UNION_OF_OTHERS), killed], {})
    assert not wrong.is_good and wrong.wrong_equivalents


TEXT_OF = "nullif(trim(cast({} as text)), '')"


def constructs(written: str, sql: str, operator: str) -> list[str]:
    found = MutableSql("m", sql, written).mutants
    return [mutant.construct for mutant in found if mutant.operator == operator]


def test_copies_of_a_macro_are_one_construct_and_what_the_author_wrote_is_not():
    sql = f"select {TEXT_OF.format('x')} as x, {TEXT_OF.format('y')} as y from t"
    one, other = constructs("select {{ as_text('x') }}, {{ as_text('y') }}", sql, "coalesce")
    assert one == other != ""
    # The author wrote it, or may have: each is its own.
    assert constructs(f"select {TEXT_OF.format('x')}, {{{{ t('y') }}}}", sql, "coalesce") == [
        "",
        "",
    ]
    assert constructs("", sql, "coalesce") == ["", ""]
    # A comment is not SQL.
    assert all(constructs("-- nullif\nselect {{ t('x') }}", sql, "coalesce"))
    # Other surroundings, another value: other constructs.
    sql = "select abs(x) < 7 as a, abs(y) < 7 as b, abs(y) < 8 as c, 7 + abs(x) as d from t"
    a, b, c, d = constructs("select {{ small() }}", sql, "constant")
    assert a == b and len({a, c, d}) == 3
    assert constructs("select {{ small(7) }}", sql, "constant") == ["", "", c, ""]


def test_a_value_stands_in_a_file_as_a_word_or_in_quotes():
    sql = "select coalesce(x, '') = 'f' as a, coalesce(y, '') = 'f' as b from t"
    assert all(constructs("select {{ flag('x') }} from t", sql, "constant"))
    assert constructs("select {{ flag('x', 'f') }} from t", sql, "constant").count("") == 2
    assert constructs("select {{ flag('x', '') }} from t", sql, "constant").count("") == 2
    sql = "select true as a, sum(x) as b, sum(y) as c from t"
    assert "" not in constructs("select {{ yes() }}", sql, "constant")
    one, other = constructs("select {{ sums() }}", sql, "aggregate")
    assert one == other != ""
    assert constructs("select {{ sums() }}, sum(y) from t", sql, "aggregate") == ["", ""]


def test_what_a_loop_prints_counts_once_and_two_places_of_it_twice():
    loop = "select 1 {% for c in ['x', 'y'] %}, sum({{ c }}), sum(n_{{ c }} + k) {% endfor %}"
    sql = "select 1, sum(x), sum(n_x + k), sum(y), sum(n_y + k) from t"
    one, two, three, four = constructs(loop, sql, "aggregate")
    assert one == three != two == four and "" not in (one, two)
    assert constructs(f"{loop}, sum(z)", sql, "aggregate") == ["", "", "", ""]
    named = loop.replace("{{ c }}", "x", 1)  # the author wrote this one's name
    assert len(set(constructs(named, sql, "aggregate"))) == 3


def test_the_columns_that_a_macro_orders_by_one_after_another_are_one_construct():
    sql = "select row_number() over (partition by {} order by e desc, {}) as r from t"

    def windows(columns: str, keys: str, others: str) -> dict[str, int]:
        order = ", ".join(f"{key} desc nulls last" for key in others.split())
        found = MutableSql("m", sql.format(keys, order), f"{{{{ ranked({columns}) }}}}").mutants
        return Counter(m.construct for m in found if m.operator == "window")

    three = windows("'k', 'x', 'y', 'z'", "k", "x y z")
    five = windows("'k', 'v', 'w', 'x', 'y', 'z'", "k", "v w x y z")
    # e turned or dropped; the first, the last or another turned; one of them dropped; k dropped.
    assert "" not in three and len(three) == 7 and set(three) == set(five)
    # The author wrote the window: each key is its own.
    written = sql.format("k", "x desc")
    found = [m.construct for m in MutableSql("m", written, written).mutants]
    assert set(found) == {""}


def test_the_terms_of_a_loop_over_many_numbers_and_the_texts_it_prints_are_one_construct():
    def terms(n: int) -> int:
        sql = "select " + " + ".join(f"least(d, {k} - s)" for k in range(100, 100 + n)) + " as x"
        return len(set(constructs("select {{ weeks() }} as x", sql, "extreme")))

    assert terms(21) == 1 and terms(20) == 20
    loop = "{% for f in feeds() %} select '{{ f.name }}' as feed, 'k' as kind {% endfor %}"
    sql = "select 'a' as feed, 'k' as kind union all select 'b' as feed, 'k' as kind"
    a, k, b, other = constructs(loop, sql, "constant")
    assert a == b != k == other and "" not in (a, k)
    # Printed in two places, or outside of a loop: each is its own.
    assert len(set(constructs(loop + loop, sql, "constant"))) == 3
    assert len(set(constructs("select '{{ f.name }}' as feed", sql, "constant"))) == 3


def test_a_join_is_never_a_copy():
    sql = "select a.x from a left join b on a.k = b.k and a.d >= b.f"
    found = MutableSql("m", sql, "{{ joined() }}").mutants
    assert found and not any(mutant.construct for mutant in found)


def test_a_printed_list_and_a_printed_table_count_once_and_a_short_one_does_not():
    zones = ", ".join(f"'zone {n}'" for n in range(51))
    assert len(set(constructs("", f"select x in ({zones}) from t", "constant"))) == 1
    zones = ", ".join(f"'zone {n}'" for n in range(50))
    assert set(constructs("", f"select x in ({zones}) from t", "constant")) == {""}

    def rows(n: int, last: str = "") -> set[str]:
        written = " union all ".join(f"select 'r{r}' as a, cast({r} as int) as b" for r in range(n))
        found = constructs("", f"with v as ({written}{last}) select 1 + a from v", "constant")
        assert "" in found  # of the select that reads them
        return set(found)

    assert len(rows(21)) == 3 and rows(20) == {""}
    assert rows(21, " union all select a, 1 from t") == {""}


SAME_ROWS = [
    ("select 'a' as f, count(*) as n from t union all select 'b' as f, count(*) as n from t", True),
    (
        "select 'a' as f, count(*) as n from t union all select 'a' as f, count(*) as n from t",
        False,
    ),
    ("select 'a' as f, x from t union all select 'b' as f, x from t", False),
    ("select 'a' as f, x, sum(y) as y from t group by x union all select 'b', 1, 2", True),
    ("select 'a' as f, sum(y) as y from t group by x union all select 'b', 2", False),
    ("select 'a' as f, sum(y) over () as y from t union all select 'b', 2", False),
    ("select 'a' as f, unnest([1, 1]) as y union all select 'b', 2", False),
    ("select 1 as f union all select 2 as f", True),
    ("select 1 as f union all select 1 as f", False),
    ("select 1 as f union all select 1.0 as f", False),
    ("select 1 as f union all select '1' as f", False),
    ("select 'a' as f union all select 'b' union all select 'a'", None),
]


@pytest.mark.parametrize(("sql", "is_same"), SAME_ROWS, ids=[case[0][:70] for case in SAME_ROWS])
def test_a_union_is_equivalent_only_where_no_two_rows_can_be_equal(sql, is_same):
    found = [m.rule for m in MutableSql("m", sql).mutants if m.operator == "distinct"]
    if is_same is None:  # the inner one is, the whole is not
        assert found == ["", UNION_OF_OTHERS]
    else:
        assert found == [UNION_OF_OTHERS if is_same else ""]


OF_A_KEY = [
    ("with r as (select x from t union all select x from u) select * from r", True),
    ("with r as (select x from t union all select x from u union all select y from v) "
     "select * from r", True),
    ("with r as (select x from t union all select x from u) select x from r", False),
    ("with r as (select x from t union all select x from u) select * from r where x > 1", False),
    ("with r as (select x from t union all select x from u), s as (select x from r) "
     "select * from s", False),
    ("with r as (select x from t union all select x from u) select * from r, t", False),
    ("with r as (select count(*) from (select x from t union all select x from u)) "
     "select * from r", False),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "is_same"), OF_A_KEY, ids=[case[0][:90] for case in OF_A_KEY])
def test_a_union_of_all_rows_of_a_model_is_equivalent_where_its_key_is_tested(sql, is_same):
    for has_key in (True, False):
        mutants = MutableSql("m", sql, has_tested_key=has_key).mutants
        found = {m.rule for m in mutants if m.operator == "distinct"}
        assert found == {UNION_OF_UNIQUE_ROWS if is_same and has_key else ""}


def test_an_equivalent_has_a_reason_and_is_listed_once(tmp_path):
    file = tmp_path / "equivalents.yml"
    file.write_text("- {mutants: [a.b.c], reason: short}", encoding="utf-8")
    with pytest.raises(ValueError, match="reason"):
        read_equivalents(file)
    file.write_text(
        "- {mutants: [a, a], reason: ties are the same by construction}", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="twice"):
        read_equivalents(file)
    assert all(read_equivalents().values())


def test_a_sample_is_told_as_one_with_its_interval(tmp_path):
    joins = [result(number, "guard", is_join=True) for number in range(3)]
    others = [result(number, "unit") for number in range(10, 49)] + [result(50, "same")]
    outcome = page.Outcome(joins + others, {}, Sample(40, 1234, 7))
    assert outcome.summary == (
        "3 mutants of joins, 100.00% of them noticed (0 by unit test, 0 by data test, 0 by truth, "
        "3 by guard, 0 by time limit). Of 1,234 other mutants a random sample was tried (seed 7): "
        "40 mutants, 97.50% of them noticed (39 by unit test, 0 by data test, 0 by truth, 0 by "
        "guard, 0 by time limit). The 95% interval of that rate is 87.1% to 99.6%. 1 survive. 0 "
        "are equivalent."
    )
    page.write(tmp_path / "page.md", outcome)
    written = (tmp_path / "page.md").read_text("utf-8")
    assert "## Mutants of joins" in written and "## A sample of the other mutants" in written
    assert outcome.survivors[0].id in written.split("## Survivors")[1]


def project_of(*sqls: str) -> TestedProject:
    models = {
        f"m{n}": Model(f"m{n}", "main", f"m{n}", False, "models/marts/m.sql", sql, ())
        for n, sql in enumerate(sqls)
    }
    return TestedProject(models, (), (), Path(), Path(), {})


def test_a_sample_is_drawn_from_mutants_that_change_no_join(tmp_path):
    project = project_of(LONG, MODEL, A_JOIN)
    joins = {
        (name, number)
        for name, model in project.models.items()
        for number, mutant in enumerate(MutableSql(name, model.sql).mutants)
        if mutant.is_join
    }

    def drawn(**options) -> tuple[set[tuple[str, int]], Sample | None]:
        asked = asked_mutants(project, Options(tmp_path, **options))
        found = [(name, n) for name, numbers in asked.numbers.items() for n in numbers or ()]
        assert len(found) == len(set(found))
        return set(found), asked.sample

    some, sample = drawn(sample=5)
    assert len(some) == 5 and not some & joins and sample.size == 5 and sample.of > 10
    assert drawn(sample=5)[0] == some and drawn(sample=5, seed=2)[0] != some
    assert drawn(sample=5, only_joins=True)[0] == some | joins
    every, sample = drawn(sample=10_000)
    assert len(every) == sample.size == sample.of
    assert asked_mutants(project, Options(tmp_path)).sample is None


@pytest.fixture(scope="module")
def tested() -> TestedProject:
    """The project with its unit tests as `make test` built it."""
    if not os.environ.get("CERTGAP_WAREHOUSE"):
        pytest.skip("run by make test, which builds the sample company first")
    built = Path(__file__).resolve().parents[2] / os.environ["CERTGAP_WAREHOUSE"]
    return read_project(built.parent, "dbt")


# Operators whose mutants of these models give other rows than the model in one of its unit tests.
TRIED = ("join_kind", "join_key", "boundary", "comparison", "condition")


@pytest.mark.parametrize("name", ["int_reported_deliveries", "int_unit_completions"])
def test_mutants_of_a_model_are_noticed_and_survive_without_the_tests_that_notice(tested, name):
    mutable = MutableSql(name, tested.models[name].sql)
    of_model = {test.name: test for test in tested.unit_tests if test.model == name}
    tried = [n for n, mutant in enumerate(mutable.mutants) if mutant.operator in TRIED][:10]
    noticed_by: dict[int, set[str]] = {number: set() for number in tried}
    for test in of_model.values():
        alone = UnitTrials(duckdb.connect(), [test], mutable)
        for number in tried:
            if alone.verdict(number):
                noticed_by[number].add(test.name)
    alive = [mutable.mutants[number] for number, tests in noticed_by.items() if not tests]
    assert len(tried) == 10 and not alive
    # With all tests but those that notice it, a mutant is tried and survives.
    survivors = 0
    for noticing in {frozenset(tests) for tests in noticed_by.values()}:
        others = [test for test in of_model.values() if test.name not in noticing]
        units = UnitTrials(duckdb.connect(), others, mutable)
        for number in (n for n, tests in noticed_by.items() if tests == noticing):
            assert units.verdict(number) is None
            survivors += bool(others)
    assert survivors >= 3
