"""The project's Markdown: its pages, their fenced blocks, links and headings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from companies import PROJECT

FENCE = re.compile(r"^( *)```([\w+]*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# What a command of a page would end with: `&&`, `;`, a pipe, a comment.
PARTS = re.compile(r"\s+(?:&&|\|\||\||;)\s+|;\s+")


def pages() -> list[Path]:
    """README, CONTRIBUTING and everything below docs/."""
    return [
        PROJECT / "README.md",
        PROJECT / "CONTRIBUTING.md",
        *sorted((PROJECT / "docs").rglob("*.md")),
    ]


def name_of(page: Path) -> str:
    return page.relative_to(PROJECT).as_posix()


@dataclass(frozen=True)
class Block:
    """A fenced block, without the indentation of its list."""

    language: str
    text: str


def blocks(page: Path, *languages: str) -> list[Block]:
    """The fenced blocks of a page in order, of these languages."""
    return [
        Block(language, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))
        for indent, language, text in FENCE.findall(page.read_text("utf-8"))
        if not languages or language in languages
    ]


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """The headings as Git hosting links to them."""
    found = set()
    for heading in HEADING.findall(prose(page)):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-"))
    return found


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Files of the project that a page links to, each with the anchor or nothing."""
    for link in LINK.findall(prose(page)):
        if not re.match(r"[a-z]+:", link):
            path, _, anchor = link.partition("#")
            yield (page.parent / path).resolve() if path else page, anchor


def commands(text: str) -> Iterator[list[str]]:
    """The words of each command of a bash block or of a line; settings before it are left out."""
    text = re.sub(r"<<'(\w+)'.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    for line in text.replace("\\\n", " ").splitlines():
        for part in PARTS.split(line):
            try:
                words = shlex.split(part, comments=True)
            except ValueError:
                continue  # a part of a loop or of a quoted text
            while words and (re.match(r"[A-Z_]+=", words[0]) or words[0] in ("do", "run:")):
                words = words[1:]
            if words:
                yield words


def told_commands(page: Path) -> list[list[str]]:
    """Every command a page tells of: in bash blocks, and in backticks that begin like one."""
    found = [words for block in blocks(page, "bash") for words in commands(block.text)]
    for code in re.findall(r"`([^`\n]+)`", prose(page)):
        if re.match(r"(\.venv[-\w]*/bin/)?(make|certgap|dbt|python -m) [a-z]", code):
            found += commands(code)
    return found
