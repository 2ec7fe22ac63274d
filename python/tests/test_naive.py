"""The figures of docs/explanation/what-naive-definitions-get-wrong.md.

Rule: the shortcuts are counted from the same rows as the truth, and each errs in the direction the
page says, on a small company too. The page's own tables are computed again by `make test-long`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from certgap.naive import figures, page
from certgap.naive.company import Company, simulate


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("naive")
    return simulate(folder, 600, 7, world="default", sign_ins=False)


@pytest.fixture(scope="module")
def null(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A company in which training changes nothing."""
    return simulate(tmp_path_factory.mktemp("null"), 600, 7, world="null", sign_ins=False)


def test_use_in_the_last_30_days_falls_when_no_wave_follows(company: Company) -> None:
    early, late = figures.censoring(company, [date(2026, 2, 28), date(2026, 9, 20)])
    assert early.naive.value > late.naive.value + 0.1
    assert early.youngest.value > 0.2 and late.youngest.part == 0
    assert early.right.of < late.right.of
    assert early.naive.of < late.naive.of


def test_who_left_no_trace_is_missing_from_an_inner_join(company: Company) -> None:
    judged, seen, none, all_of_them = figures.survivors(company)
    assert judged.part == seen.part and judged.of > seen.of
    assert none.value < judged.value < all_of_them.value
    assert all_of_them.part - none.part == none.of - judged.of > 0


def test_unknown_counted_as_no_use_lowers_the_rate(company: Company) -> None:
    judged, everybody, *reasons = figures.unknown_as_zero(company)
    assert everybody.value < judged.value
    assert judged.of + sum(reason.part for reason in reasons) == everybody.of


def test_where_training_changes_nothing_adopters_are_those_of_before(null: Company) -> None:
    everybody, new, existing, before, week_before = figures.existing_users(null)
    assert everybody.value > 0.1
    assert new.value < 0.05 < existing.value
    assert before.value > 0.8
    assert abs(week_before.value - everybody.value) < 0.05


def test_a_sign_in_is_counted_by_day_tool_and_person(company: Company) -> None:
    [first, *_] = company.eligible(figures.DAY_N)
    key = (first.unit.learner.employee_id, first.unit.tool_id)
    for day, in_block, in_30 in (
        (first.day - 6, 1, 1),
        (first.day - 7, 0, 1),
        (first.day + 1, 0, 0),
    ):
        signed = Company(company.folder, company.world, company.judged)
        signed.__dict__["sign_ins"] = {key: {day}}
        _, block, last_30, _ = figures.sign_ins(signed)
        assert (block.part, last_30.part) == (in_block, in_30)


def test_the_mean_of_rates_weighs_groups_alike(company: Company) -> None:
    tools, *_ = figures.average_of_ratios(company)
    rates = {}
    for checkpoint in company.eligible(figures.DAY_N):
        rates.setdefault(checkpoint.unit.tool_id, []).append(checkpoint.is_adopted)
    assert tools.mean == pytest.approx(sum(sum(r) / len(r) for r in rates.values()) / len(rates))
    assert tools.whole == figures.right(company).value != tools.mean


def test_the_top_of_a_league_table_is_small_teams(company: Company) -> None:
    found = figures.ranking(company, first=10)
    assert found.first == 10 and found.first_below_floor >= 8
    assert found.at_zero_below_floor <= found.at_zero <= found.teams


def test_a_rate_over_few_is_not_shown() -> None:
    assert page.percent(figures.Rate("", 3, 9)) == "too few"
    assert page.percent(figures.Rate("", 3, 10)) == "30.0%"


def test_a_block_the_page_lacks_is_an_error() -> None:
    with pytest.raises(ValueError, match="has the blocks"):
        page.written("no block", {"ranking": "| |"})


@pytest.mark.long
def test_the_page_has_the_figures_of_the_simulator(tmp_path: Path) -> None:
    text = page.PAGE.read_text("utf-8")
    assert text == page.written(text, page.compute()), "run: python -m certgap.naive"
