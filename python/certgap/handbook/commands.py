"""docs/reference/commands.md: every make target and every command, from their own help."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from certgap.cli import app
from certgap.handbook.markdown import made_by, table

TARGET = re.compile(r"^([a-z-]+):.*?## (.+)$", re.MULTILINE)
RUN = '\nif __name__ == "__main__":'
# The command itself, and children of it that nobody calls.
INTERNAL = (
    "cli.py",
    "dbt_process.py",
    "look.py",
    "spark_statements.py",
    "vivainsights_segments.py",
)
VARIABLE = re.compile(r"^([A-Z]+) \?=(.*)$", re.MULTILINE)


def targets(makefile: str) -> list[tuple[str, str]]:
    """Name and words of each target, as `make help` lists them."""
    return TARGET.findall(makefile)


def _usage(name: str, command: Any) -> str:
    arguments = [
        p.name.upper() if p.required else f"[{p.name.upper()}]"
        for p in command.params
        if p.param_type_name == "argument"
    ]
    return " ".join(["certgap", name, "[OPTIONS]", *arguments])


def _options(command: Any) -> Iterator[tuple[str, str, str]]:
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            yield f"`{parameter.name.upper()}`", "", parameter.help or ""
            continue
        names = ", ".join(f"`{name}`" for name in [*parameter.opts, *parameter.secondary_opts])
        yield names, _default(parameter), parameter.help or ""


def _default(parameter: Any) -> str:
    """What holds without the option; of a switch only where it can be switched off."""
    if parameter.required:
        return "required"
    if isinstance(parameter.default, bool):
        return f"`{parameter.opts[0]}`" if parameter.secondary_opts else ""
    return f"`{parameter.default}`" if parameter.default not in (None, "") else ""


def modules(package: Path) -> list[tuple[str, str]]:
    """Tools of the project itself, and the first sentence about each."""
    found = []
    for path in sorted(package.rglob("*.py")):
        tree = path.read_text(encoding="utf-8")
        is_run = path.name == "__main__.py" or RUN in tree
        if not is_run or path.name in INTERNAL:
            continue
        name = path.relative_to(package.parent).with_suffix("").as_posix().replace("/", ".")
        name = name.removesuffix(".__main__")
        words = ast.get_docstring(ast.parse(tree)) or ""
        if path.name == "__main__.py" and words.startswith("``"):
            words = ast.get_docstring(ast.parse((path.parent / "__init__.py").read_text())) or ""
        found.append((name, inspect.cleandoc(words).split("\n\n")[0]))
    return found


def _sections(folder: Path) -> Iterator[str]:
    makefile = (folder / "Makefile").read_text(encoding="utf-8")
    yield "## make\n"
    yield table(
        ("target", "does"), ((f"`make {name}`", words) for name, words in targets(makefile))
    )
    yield "Variables, such as `make simulate LEARNERS=3000`:\n"
    yield table(
        ("variable", "default"),
        (
            (f"`{name}`", f"`{value.strip()}`" if value.strip() else "empty")
            for name, value in VARIABLE.findall(makefile)
            if "$" not in value
        ),
    )
    yield "## certgap\n"
    yield (
        "Exit codes: 0 the answer is yes; 1 the work was done and the answer is no (a test, a "
        "gate, a comparison); 2 nothing was judged (wrong usage, a setting or a file that is not "
        "as needed). Every command has `--help`.\n"
    )
    for name, command in typer.main.get_command(app).commands.items():
        yield f"### certgap {name}\n"
        yield inspect.cleandoc(command.help) + "\n"
        yield f"```text\n{_usage(name, command)}\n```\n"
        yield table(("option", "default", "meaning"), _options(command))
    yield "## Tools for the project itself\n"
    yield (
        "`python -m <module>`; those with options have `--help`. Most have a make target. `dbt` "
        "works as you know it.\n"
    )
    yield table(
        ("module", "does"),
        ((f"`{name}`", words) for name, words in modules(folder / "python/certgap")),
    )


def page(folder: Path) -> str:
    """The page."""
    return "\n".join([made_by("python -m certgap.handbook"), "# Commands\n", *_sections(folder)])
