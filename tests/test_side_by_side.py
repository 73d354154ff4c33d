"""Jobs in processes of their own: results in order, faults told, one job where it is."""

from __future__ import annotations

import os
from functools import partial
from math import sqrt

import pytest

from training.side_by_side import side_by_side


def test_results_come_in_the_order_of_their_jobs_from_other_processes():
    assert side_by_side([partial(sqrt, 9), partial(sqrt, 4)]) == [3, 2]
    assert os.getpid() not in side_by_side([os.getpid, os.getpid])


def test_one_job_is_run_where_it_is():
    assert side_by_side([os.getpid]) == [os.getpid()]


def test_a_job_that_fails_is_told():
    with pytest.raises(ValueError, match="math domain error"):
        side_by_side([partial(sqrt, 4), partial(sqrt, -1)])
