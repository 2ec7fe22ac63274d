"""docs/reference/settings.md: every var of dbt_project.yml and every setting of the environment.

What a var means is its comment there; its rules are those of docs/definitions.md that name it as
their home; what is allowed is what the macro check_settings asks for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from certgap.handbook.markdown import made_by, table

SECTION = re.compile(r"^  # -{2,} (.+?) -+$")
COMMENT = re.compile(r"^  # ?(.*)$")
VARIABLE = re.compile(r"^  (\w+):")
RULE = re.compile(r"^\| ([\w]+\.\d+) \|[^|]*\|([^|]*)\|", re.MULTILINE)

# By how a name ends. A var that none of these fits stands below by name.
UNIT_OF_ENDING = {
    "_days": "days",
    "_weeks": "weeks",
    "_months": "months",
    "_minutes": "minutes",
    "_characters": "characters",
    "_share": "share",
    "_rate": "share",
    "_timezone": "IANA zone",
    "_date": "date",
    "_people": "people",
    "_is_upn": "true or false",
    "_managers": "true or false",
    "_points": "points",
    "_actions": "actions a week",
}
UNIT = {
    "enabled_sources": "vendor folders",
    "tool_ids": "vendor: tool_id",
    "received_until": "date",
    "failed_deliveries": "word",
    "habitual_blocks": "blocks",
    "curve_weeks_before": "weeks",
    "curve_weeks_after": "weeks",
    "effect_leads": "months",
    "effect_controls": "word",
    "effect_min_clusters": "managers",
    "integrity_same_answers": "people",
    "integrity_deadline_factor": "times",
    "outcome_directions": "metric_id: up or down",
    "default_adoption_target": "share",
    "min_cell": "people × tools",
    "equivalence_rounds": "steps",
    "manager_chain_steps": "managers",
    "successfactors_statuses": "codes by status",
    "compared_publications": "publications",
    "company_mail_domains": "mail domains",
    "content_stale_releases": "releases",
}

# Environment: setting, default, meaning. test_handbook.py holds the names against the code.
ENVIRONMENT = (
    ("CERTGAP_RAW", "`sample_data`", "folder of raw deliveries"),
    ("CERTGAP_REFERENCE", "`seeds`", "folder of reference files"),
    ("CERTGAP_WAREHOUSE", "`warehouse/certgap.duckdb`", "working database (restricted)"),
    ("CERTGAP_PUBLISHED", "`warehouse/published.duckdb`", "published database, for BI"),
    ("CERTGAP_REPORT", "`report/` beside the published database", "executive report"),
    (
        "CERTGAP_PUBLICATIONS",
        "`publications.duckdb` beside the working database",
        "record of what was published; back it up",
    ),
    (
        "CERTGAP_KEPT_PUBLICATIONS",
        "2",
        "earlier publications that stay beside the published database",
    ),
    (
        "CERTGAP_DELIVERY_CHECKS",
        "`delivery_checks/` beside the working database",
        "verdicts on deliveries, their history and pages",
    ),
    ("CERTGAP_PSEUDONYM_KEY", "the sample's own", "secret of the pseudonyms"),
    ("CERTGAP_PSEUDONYM_KEY_FILE", "none", "on Spark: absolute path of a file with the secret"),
    ("CERTGAP_MEMORY_LIMIT", "`8GB`", "memory of DuckDB; what does not fit is written to disk"),
    ("CERTGAP_DEV_WAREHOUSE", "`warehouse/dev.duckdb`", "database of the profile target `dev`"),
    ("CERTGAP_SPARK_HOST", "`127.0.0.1`", "Thrift server of the profile target `spark`"),
    ("CERTGAP_SPARK_PORT", "10000", "its port"),
    ("CERTGAP_SPARK_MASTER_PORT", "7077", "port of the master that `make cluster-up` starts"),
    ("CERTGAP_SPARK_SCHEMA", "`certgap`", "schema of the tables on Spark"),
    (
        "CERTGAP_SPARK_WAREHOUSE",
        "`warehouse/spark`",
        "folder of the tables of the profile target `spark_session`",
    ),
)


@dataclass
class Group:
    """Vars that one comment explains."""

    section: str
    comment: list[str]
    names: list[str] = field(default_factory=list)


def groups(text: str) -> list[Group]:
    """The vars of dbt_project.yml in order, with the comments above them."""
    lines = text.split("\nvars:\n", 1)[1].split("\n")
    found: list[Group] = []
    section, comment = "", []
    for line in lines:
        if line and not line.startswith(" "):
            break
        if match := SECTION.match(line):
            section = match[1]
        elif match := COMMENT.match(line):
            comment.append(match[1])
        elif match := VARIABLE.match(line):
            if comment or not found:
                found.append(Group(section, comment))
                comment = []
            found[-1].names.append(match[1])
    return found


def unit(name: str) -> str:
    """The unit of a var; one that has none is an error."""
    if name in UNIT:
        return UNIT[name]
    for ending, of_ending in UNIT_OF_ENDING.items():
        if name.endswith(ending):
            return of_ending
    raise ValueError(f"the var {name} has no unit: name one in certgap/handbook/settings.py")


def rules(definitions: str) -> dict[str, list[str]]:
    """Var to the ids of the rules whose home it is."""
    found: dict[str, list[str]] = {}
    for rule, home in RULE.findall(definitions):
        for name in re.findall(r"`var (\w+)`", home):
            if rule not in found.setdefault(name, []):
                found[name].append(rule)
    return found


def allowed(check_settings: str) -> dict[str, str]:
    """Var to the least number or the range that the macro asks for."""
    found = {
        name: f"at least {least}" for name, least in re.findall(r"'(\w+)': (\d+),?", check_settings)
    }
    (shares,) = re.findall(r"for name in \[('default_adoption_target'.*?)\]", check_settings, re.S)
    return found | dict.fromkeys(re.findall(r"'(\w+)'", shares), "0 to 1")


def hashed(metric_rules: str) -> set[str]:
    """The vars that are part of rules_hash."""
    (names,) = re.findall(r"set rule_vars = \[(.*?)\]", metric_rules, re.DOTALL)
    return set(re.findall(r"'(\w+)'", names))


def shown(value: Any) -> str:
    """A default as it would be written in YAML."""
    return f"`{json.dumps(value, ensure_ascii=False)}`" if value != "" else "empty"


def _sections(folder: Path) -> Iterator[str]:
    text = (folder / "dbt_project.yml").read_text(encoding="utf-8")
    defaults = yaml.safe_load(text)["vars"]
    of_var = rules((folder / "docs/definitions.md").read_text(encoding="utf-8"))
    macro = (folder / "macros/sources/check_settings.sql").read_text(encoding="utf-8")
    least = allowed(macro)
    model = folder / "models/intermediate/settings/int_metric_rules.sql"
    in_hash = hashed(model.read_text(encoding="utf-8"))
    found = groups(text)
    for section in dict.fromkeys(group.section for group in found):
        rows = []
        for group in found:
            if group.section != section:
                continue
            for name in group.names:
                is_first = name == group.names[0]
                rows.append(
                    (
                        f"`{name}`",
                        shown(defaults[name]),
                        ", ".join(filter(None, (unit(name), least.get(name)))),
                        " ".join(group.comment) if is_first else "as above",
                        ", ".join(of_var.get(name, [])),
                        "yes" if name in in_hash else "",
                    )
                )
        yield f"## Vars: {section}\n"
        yield table(("var", "default", "unit, allowed", "meaning", "rules", "in rules_hash"), rows)


def page(folder: Path) -> str:
    """The page."""
    return "\n".join(
        [
            made_by("python -m certgap.handbook"),
            "# Settings\n",
            "Vars are set in `dbt_project.yml`, or for one run with `--vars` (`certgap build -- "
            "--vars '{as_of_date: 2026-06-30}'`). A value that cannot be right stops the build "
            "with the name of the var. **Rules** are numbers of the "
            "[definitions](../definitions.md). A var that is part of **rules_hash** changes it: "
            "figures before and after are not compared "
            "([how to change one](../how-to/change-a-definition.md)).\n",
            *_sections(folder),
            "## Environment\n",
            "Where things are, and secrets. Relative paths count from the project folder.\n",
            table(("setting", "default", "meaning"), (
                (f"`{name}`", default, meaning) for name, default, meaning in ENVIRONMENT
            )),
        ]
    )  # fmt: skip
