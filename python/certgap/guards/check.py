"""Compare the joins of the compiled SQL with the declarations, one by one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlglot.errors import SqlglotError

from certgap.guards.declarations import JoiningNode, read_project
from certgap.guards.sql_joins import Condition, FoundJoin, conjuncts, find_joins, normal

AUDIT_MODEL = "join_audit"

# What the SQL must be for an unmatched row to meet the declared fate. `sql_join` says otherwise
# where a left join is followed by a filter.
EXPECTED_SIDES = {
    "keep": {"left", "full"},
    "exclude": {"inner", "semi", "anti"},
    "quarantine": {"left", "inner", "full"},
}


@dataclass(frozen=True)
class Failure:
    """One broken rule: where, which join, and the sentence to act on."""

    path: str
    join: str
    problem: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.path}: {self.join}: {self.problem}"


@dataclass
class Report:
    """The outcome for the whole project."""

    n_nodes: int = 0
    n_joins: int = 0
    n_guarded: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every join is declared and every declaration is a join."""
        return not self.failures

    @property
    def headline(self) -> str:
        """Return the one line that is reported."""
        return f"joins guarded: {self.n_guarded} of {self.n_joins}"

    def to_dict(self) -> dict:
        """Return it for --json."""
        return {"ok": self.ok, "headline": self.headline, **asdict(self)}


def check(project_dir: Path | str, target_dir: Path | str | None = None) -> Report:
    """Check every model, snapshot, analysis and singular test that dbt compiled."""
    project_dir = Path(project_dir)
    nodes = read_project(project_dir, Path(target_dir) if target_dir else project_dir / "target")
    report = Report(n_nodes=len(nodes))
    for node in nodes:
        _check_node(node, report)
    _check_names(nodes, report)
    _check_audit(nodes, report)
    return report


def node_failures(node: JoiningNode) -> list[Failure]:
    """Where the SQL of one node and its declarations disagree."""
    report = Report()
    _check_node(node, report)
    return report.failures


def _check_node(node: JoiningNode, report: Report) -> None:
    def fail(join: str, problem: str) -> None:
        report.failures.append(Failure(node.path, join, problem))

    if node.sql is None:
        fail("-", "is not compiled, so its joins cannot be seen: run `dbt compile`")
        return
    try:
        found = find_joins(node.sql)
    except SqlglotError as error:
        fail("-", f"the compiled SQL cannot be read: {str(error).splitlines()[0]}")
        return
    report.n_joins += len(found)
    left_over = list(node.joins)
    for join in found:
        candidates = [d for d in left_over if d.get("join", "").lower() == join.right.lower()]
        if not candidates:
            again = any(d.get("join", "").lower() == join.right.lower() for d in node.joins)
            advice = (
                "it is joined more often than declared: give each join a CTE name of its own"
                if again
                else "declare it in meta.joins (macros/joins/README.md)"
            )
            fail(
                f"{join.form} {join.right or '(no name)'}", f"a join without declaration; {advice}"
            )
            continue
        problems, declaration = min(
            ((differences(join, d), d) for d in candidates), key=lambda pair: len(pair[0])
        )
        left_over.remove(declaration)
        for problem in problems:
            fail(declaration.get("name", join.right), problem)
        if not problems:
            report.n_guarded += 1
    for declaration in left_over:
        fail(
            declaration.get("name", "(no name)"),
            f"a declaration without a join: the SQL joins nothing called {declaration.get('join')}",
        )
    _check_tested(node, fail)


def differences(found: FoundJoin, declared: dict) -> list[str]:
    """Return where the SQL of a join and its declaration disagree."""
    problems = list(found.unreadable)
    kind = declared.get("kind")
    problems += _side_differences(found, declared)
    if found.form not in ("join", "in"):
        if kind != "cross" and found.form in ("comma", "lateral"):
            problems.append(f"a {found.form} join has no `on` to check: write an explicit join")
        return problems
    if kind == "cross":
        if found.conditions:
            problems.append("declared cross, but the SQL has conditions")
        return problems
    expected = [
        Condition(normal(left), "=", normal(right)) for left, right in declared.get("keys", [])
    ]
    as_of = declared.get("as_of") or {}
    if as_of:
        date = normal(as_of["date"])
        start, end = normal(as_of["from"]), normal(as_of["to"])
        before_end = "<=" if as_of.get("to_inclusive") else "<"
        expected += [Condition(date, ">=", start), Condition(date, before_end, end)]
    expected += [
        Condition(normal(left), op, normal(right)) for left, op, right in declared.get("range", [])
    ]
    actual = found.conditions
    if as_of.get("null_ends"):
        actual = [_without_coalesce(c, {start, end}) for c in actual]
    problems += [f"declared `{c}` is not in the SQL's `on`" for c in expected if c not in actual]
    problems += [
        f"the SQL's `on` has `{c}`, which is not declared" for c in actual if c not in expected
    ]
    if found.null_safe != bool(declared.get("null_safe")):
        problems.append(
            "`is not distinct from` in the SQL and null_safe in the declaration disagree"
        )
    for side, predicate in found.one_sided:
        declared_filters = {normal(p) for p in conjuncts(declared.get(f"where_{side}"))}
        if predicate not in declared_filters:
            problems.append(f"`{predicate}` in `on` is not declared in where_{side}")
    return problems


def _side_differences(found: FoundJoin, declared: dict) -> list[str]:
    unmatched = declared.get("unmatched")
    if found.side == "right":
        return ["a right join: write it as a left join"]
    if found.form != "join" or found.side == "cross" or unmatched is None:
        return []
    allowed = (
        {declared["sql_join"]} if declared.get("sql_join") else EXPECTED_SIDES.get(unmatched, set())
    )
    if found.side not in allowed:
        wanted = " or ".join(sorted(allowed))
        return [
            f"declared unmatched: {unmatched}, so a {wanted} join; the SQL has a {found.side} join"
        ]
    return []


def _without_coalesce(condition: Condition, names: set[str]) -> Condition:
    for name in names:
        if condition.right.startswith(f"coalesce({name}, "):
            return Condition(condition.left, condition.operator, name)
    return condition


def _check_tested(node: JoiningNode, fail) -> None:
    """A model's declarations must also reach the test that reads the data."""
    if node.resource_type != "model" or not node.joins:
        return
    advice = "attach guarded_joins with `arguments: {joins: *anchor}`"
    if node.tested_joins is None:
        fail("-", f"its joins are declared but not tested: {advice}")
    elif [j.get("name") for j in node.tested_joins] != [j.get("name") for j in node.joins]:
        fail("-", f"the test's joins are not those of meta.joins: {advice}")
    elif node.tested_checks != {"structure", "match_rate"}:
        fail("-", "guarded_joins runs only " + ", ".join(sorted(node.tested_checks)))


def _check_names(nodes: list[JoiningNode], report: Report) -> None:
    seen: dict[str, str] = {}
    for node in nodes:
        for declaration in node.joins:
            name = declaration.get("name", "")
            if name in seen:
                report.failures.append(
                    Failure(node.path, name, f"the name is also used in {seen[name]}")
                )
            seen[name] = node.path


def _check_audit(nodes: list[JoiningNode], report: Report) -> None:
    """join_audit must depend on every joined model, or it would count an older build."""
    audit = next((n for n in nodes if n.name == AUDIT_MODEL and n.resource_type == "model"), None)
    if audit is None:
        return
    for node in nodes:
        audited = any(d.get("audit") != "skip" for d in node.joins)
        if node.resource_type == "model" and audited and node.unique_id not in audit.depends_on:
            problem = f"add '{node.name}' to macros/joins/joined_models.sql"
            report.failures.append(Failure(audit.path, "-", problem))
