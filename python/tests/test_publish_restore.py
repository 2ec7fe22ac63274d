"""An earlier publication is put back, and the log says so."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from certgap.errors import CheckFailed, UserError
from certgap.project import Project
from certgap.publish import keeping, store
from certgap.publish.audit import audit
from certgap.publish.publisher import publish
from certgap.publish.restore import restore
from publish_project import another_build, built_project, change_working, query

LOG = (
    "select publication_id, is_current, restored_at is not null, withdrawn_at is not null"
    " from publication_log order by 1"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A working database and the artifacts of a complete build of it."""
    return built_project(tmp_path)


@pytest.fixture
def published(project: Project) -> Project:
    """Three publications, whose only rate is 0.1, 0.2 and 0.3."""
    for number in (1, 2, 3):
        change_working(
            project, f"update published.published__adoption_rates set adoption_rate = {number / 10}"
        )
        another_build(project, f"run-{number}")
        publish(project)
    return project


def rate(project: Project) -> float:
    assert audit(project.published).problems == []
    return query(
        project.published, "select cast(max(adoption_rate) as double) from adoption_rates"
    )[0][0]


def kept(project: Project) -> list[int]:
    return sorted(keeping.kept_files(project.published))


def test_the_publication_before_is_put_back_and_the_log_says_so(published: Project) -> None:
    assert rate(published) == 0.3
    restored = restore(published)
    assert (restored.publication_id, restored.instead_of) == (2, 3)
    assert rate(published) == 0.2
    # 3 was published, and its row stays: it was read.
    assert query(published.published, LOG) == [
        (1, False, False, False),
        (2, True, True, False),
        (3, False, False, True),
    ]
    assert query(published.publications, "select count(*) from publication_log") == [(3,)]


def test_what_was_taken_away_can_be_put_back(published: Project) -> None:
    restore(published)
    assert restore(published, 3).instead_of == 2
    assert rate(published) == 0.3
    assert query(published.published, LOG)[1:] == [(2, False, True, True), (3, True, True, True)]


def test_the_one_before_twice(published: Project) -> None:
    assert [restore(published).publication_id for _ in range(2)] == [2, 1]
    assert rate(published) == 0.1
    with pytest.raises(UserError, match="no file of an earlier publication"):
        restore(published)


def test_publishing_the_build_again_ends_the_restore(published: Project) -> None:
    restore(published)
    assert publish(published).publication_id == 3
    assert rate(published) == 0.3
    assert query(published.published, LOG)[2] == (3, True, True, True)


def test_a_new_build_ends_the_restore_and_the_one_before_it_is_not_the_withdrawn_one(
    published: Project,
) -> None:
    restore(published)
    change_working(published, "update published.published__adoption_rates set adoption_rate = 0.4")
    another_build(published, "run-4")
    assert publish(published).publication_id == 4
    assert rate(published) == 0.4
    assert query(published.published, LOG)[3] == (4, True, False, False)
    assert kept(published) == [2, 3]
    assert restore(published).publication_id == 2


@pytest.mark.parametrize(("setting", "there"), [(None, [1, 2]), ("1", [2]), ("0", [])])
def test_the_setting_says_how_many_are_kept(
    project: Project,
    setting: str | None,
    there: list[int],
) -> None:
    environment = {} if setting is None else {keeping.SETTING: setting}
    chosen = Project(project.folder, environment)
    for number in (1, 2, 3):
        another_build(chosen, f"run-{number}")
        publish(chosen)
    assert kept(chosen) == there


def test_a_setting_that_is_no_number_is_named_before_anything_is_done(
    project: Project,
) -> None:
    with pytest.raises(UserError, match="CERTGAP_KEPT_PUBLICATIONS is 'two'"):
        publish(Project(project.folder, {keeping.SETTING: "two"}))
    assert not project.published.exists()


def test_without_hard_links_the_file_is_copied(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_links(*_: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(keeping.os, "link", no_links)
    publish(project)
    before = project.published.read_bytes()
    another_build(project, "run-2")
    publish(project)
    assert keeping.kept_file(project.published, 1).read_bytes() == before


def test_a_kept_file_that_was_damaged_is_not_put_back(published: Project) -> None:
    before = published.published.read_bytes()
    with duckdb.connect(str(keeping.kept_file(published.published, 2))) as connection:
        connection.execute("update adoption_rates set adoption_rate = 0.9")
    with pytest.raises(CheckFailed, match="did not pass its audit"):
        restore(published)
    assert published.published.read_bytes() == before
    assert query(published.publications, "select count(*) from publication_restores") == [(0,)]


def test_a_damaged_published_file_is_replaced_by_the_newest_kept_one(published: Project) -> None:
    published.published.write_bytes(b"damaged")
    assert restore(published).publication_id == 2
    assert rate(published) == 0.2


def test_a_restore_that_was_cut_short_is_finished_by_the_next(
    published: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = published.published.read_bytes()
    replace = os.replace

    def killed(source: Path, target: Path) -> None:
        if Path(target) == published.published:
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(keeping.os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            restore(published)
    assert published.published.read_bytes() == before
    assert restore(published).publication_id == 2
    assert rate(published) == 0.2
    assert query(published.publications, "select count(*) from publication_restores") == [(1,)]


def test_a_publication_that_is_not_kept_is_named_with_those_that_are(published: Project) -> None:
    with pytest.raises(UserError, match=r"no file of publication 7 .*kept are: 1, 2"):
        restore(published, 7)
    with pytest.raises(UserError, match="Publication 3 is the one"):
        restore(published, 3)


def test_numbers_and_order_do_not_come_from_the_clock(published: Project) -> None:
    published = Project(published.folder, {keeping.SETTING: "9"})
    # As after a clock that was years ahead and was put right: the newest has the earliest time.
    with duckdb.connect(str(published.publications)) as connection:
        connection.execute("update publication_log set published_at = timestamp '2099-01-01'")
    restore(published)
    with duckdb.connect(str(published.publications)) as connection:
        connection.execute("update publication_restores set restored_at = timestamp '2098-01-01'")
    another_build(published, "run-4")
    assert publish(published).publication_id == 4
    assert query(published.published, "select publication_id from publication_log where is_current")
    assert query(published.published, LOG)[3] == (4, True, False, False)
    assert [restore(published).publication_id for _ in range(2)] == [2, 1]
    with duckdb.connect() as connection:
        store.attach(connection, published.publications)
        assert store.history(connection).current == 1
