"""The bench of a failing line: what it does to a session, when it fails, and a short run of it."""

import json
import subprocess
import sys
from random import Random

import pytest

from bench import offline
from bench.line import COMMITTED
from bench.offline import Outcome, Plan


def test_every_run_meets_two_faults_and_one_of_them_after_a_commit() -> None:
    plans = [Plan.of(Random(seed)) for seed in range(300)]
    assert min(len(plan.faults) for plan in plans) == 2
    assert all({each.kind for each in plan.faults.values()} & {*COMMITTED} for plan in plans)
    assert {2 * plan.sets for plan in plans} == {6, 8, 10, 12}


def test_the_same_seed_makes_the_same_run() -> None:
    assert Plan.of(Random(7)) == Plan.of(Random(7)) != Plan.of(Random(8))


@pytest.mark.parametrize(("told", "code"), [({}, 0), ({"lost": 1}, 1), ({"doubled": 1}, 1)])
def test_one_set_lost_or_doubled_fails(
    told: dict[str, int], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert offline._verdict([Outcome(1, sets=6), Outcome(2, sets=8, **told)], "") == code
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last == {"runs": 2, "lost": 0, "doubled": 0, "sets": 14} | told


def bench(*options: str) -> tuple[int, dict[str, int]]:
    command = [sys.executable, "-m", "bench", "offline", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.browser_long
def test_three_sessions_on_a_line_that_fails_lose_and_double_nothing() -> None:
    code, told = bench("--runs=3", "--seed=41")
    assert (code, told["runs"], told["lost"], told["doubled"]) == (0, 3, 0, 0)
    assert told["sets"] >= 18


@pytest.mark.browser_long
@pytest.mark.parametrize(
    ("control", "found"), [("no-unique-key", "doubled"), ("delete-before-answer", "lost")]
)
def test_the_bench_notices_what_is_broken_on_purpose(control: str, found: str) -> None:
    code, told = bench("--runs=1", "--seed=43", f"--control={control}")
    assert code == 1
    assert told[found] > 0
