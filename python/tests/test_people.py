"""Every file that may name a person says by which columns, and the page lists them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from certgap.deliveries.feeds import declared_feeds
from certgap.errors import UserError
from certgap.handbook import personal_data
from certgap.privacy.people import of_feeds, of_reference, people_of
from certgap.project import Project

PROJECT = Path(__file__).resolve().parents[2]


def test_every_feed_says_which_of_its_columns_name_a_person():
    feeds = declared_feeds(Project(PROJECT, {}))
    declared = of_feeds(Project(PROJECT, {}))
    assert declared.keys() == {feed.folder for feed in feeds}
    for feed in feeds:
        people = declared[feed.folder]
        if feed.format == "csv" and people.own:
            # An export may have further columns that no model reads; it cannot be all of them.
            columns = {column for column, _ in people.own} | {
                column.partition(".")[0] for column, _ in people.own
            }
            assert columns & set(feed.columns), feed.folder
        told = {kind[1:] for _, kind in (*people.own, *people.others) if kind.startswith("@")}
        assert told <= set(feed.columns), feed.folder


def test_columns_of_aliases_and_employees_are_declared():
    declared = of_feeds(Project(PROJECT, {}))
    for feed in declared_feeds(Project(PROJECT, {})):
        people = declared[feed.folder]
        named = {column for column, _ in (*people.own, *people.others)}
        should = {"alias_value", "employee_id", "manager_employee_id", "subject_id"}
        missing = should & set(feed.columns) - named
        assert not missing, f"{feed.folder} lacks {missing}"


def test_columns_of_reference_files_are_those_they_have():
    for name, people in of_reference().items():
        with (PROJECT / "seeds" / name).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        assert {column for column, _ in people.own} <= set(header), name


@pytest.mark.parametrize("written", [None, "no", {}, {"owns": {"a": "mail"}}, ["mail"]])
def test_a_feed_that_does_not_say_is_refused(written):
    with pytest.raises(UserError, match="does not say which of its columns name a person"):
        people_of(written, "The feed usage/new/use")


def test_what_is_declared_is_read_in_every_form():
    people = people_of(
        {
            "own": {"id": ["employee_id", "sap_user_id"], "alias_value": "@alias_type"},
            "path": {"sap_user_id": "/history_([^/]+)[.]json$"},
            "mapped": {"columns.csv": {"work_email": "mail"}},
            "rows": "$.value",
        },
        "x",
    )
    assert people.own == (
        ("id", "employee_id"), ("id", "sap_user_id"), ("alias_value", "@alias_type"),
    )  # fmt: skip
    assert people.path == (("/history_([^/]+)[.]json$", "sap_user_id"),)
    assert people.mapped == (("columns.csv work_email", "mail"),)
    assert people.is_any
    assert not people_of("none", "x").is_any


def test_the_page_lists_every_feed_once():
    text = personal_data.page(PROJECT)
    for feed in declared_feeds(Project(PROJECT, {})):
        assert text.count(f"`{feed.folder}`") == 1, feed.folder
    assert "`employee_id` (employee_id)" in text
