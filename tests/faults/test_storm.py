"""The short storm: everything that takes part dies or errs at least once, and the oracle counts."""

import json
import subprocess
import sys
from typing import Any

import pytest

SHORT = ("--occurrences=160", "--faults=16", "--minutes=0.4")
TWICE = ("--occurrences=120", "--faults=12", "--minutes=0.4")
NOTICED = {"unique": "extra rows", "fence": "too many doubles", "check": "after stops"}


def storm(*told: str) -> tuple[int, dict[str, Any]]:
    """Run it by itself; its exit code, and its last line."""
    command = [sys.executable, "-m", "tests.faults.storm", *told]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert ran.stdout.strip(), ran.stderr
    return ran.returncode, json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.faults
def test_a_short_storm_loses_nothing_and_doubles_no_text() -> None:
    code, told = storm(*SHORT, "--seed=11")
    assert (code, told["wrong"], told["doubled"]["sms"]) == (0, {}, 0)


@pytest.mark.nightly
@pytest.mark.parametrize("control", ["unique", "fence", "check"])
def test_the_oracle_notices_when_a_guarantee_is_gone(control: str) -> None:
    kinds = "--kinds=freeze" if control == "fence" else "--kinds=kill,worker"
    code, told = storm(*TWICE, "--seed=8", kinds, f"--control={control}")
    assert (code, NOTICED[control] in told["wrong"]) == (1, True)
