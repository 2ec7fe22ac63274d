"""Tasks side by side: each is heard of, and whoever stops asking stops the rest."""

import os
import time
from contextlib import closing
from pathlib import Path

import pytest

from certgap.in_processes import each_finished

N_MANY, SECONDS = 40, 0.05


def _mark(folder: Path, number: int) -> tuple[int, int]:
    if number < 0:
        raise ValueError(f"task {number}")
    (folder / str(number)).touch()
    time.sleep(SECONDS)
    return number, os.getpid()


def test_every_task_is_heard_of_with_its_number(tmp_path):
    """Results come as tasks finish, from no more processes than were asked for."""
    arguments = [(tmp_path, 10 + number) for number in range(8)]
    with closing(each_finished(_mark, arguments, 2)) as finished:
        found = {number: future.result() for number, future in finished}
    assert {number: value for number, (value, _) in found.items()} == {n: 10 + n for n in range(8)}
    assert len({process for _, process in found.values()}) <= 2


def test_an_error_is_the_askers_and_the_others_go_on(tmp_path):
    """A task that fails is told by its future; the others are heard of all the same."""
    with closing(each_finished(_mark, [(tmp_path, -1), (tmp_path, 1)], 1)) as finished:
        futures = dict(finished)
    with pytest.raises(ValueError, match="task -1"):
        futures[0].result()
    assert futures[1].result()[0] == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_whoever_stops_asking_stops_what_has_not_begun(tmp_path, error):
    """After an error or Ctrl-C no further task begins, also later, when nobody waits any more."""
    arguments = [(tmp_path, number) for number in range(N_MANY)]
    with pytest.raises(error), closing(each_finished(_mark, arguments, 1)) as finished:
        for _ in finished:
            raise error
    begun = len(list(tmp_path.iterdir()))
    assert begun <= 2
    time.sleep(N_MANY * SECONDS / 4)
    assert len(list(tmp_path.iterdir())) == begun
