"""Run the storm; the last line is JSON, and the exit code 1 if the oracle found anything."""

import argparse
import json
import os
import sys
import tempfile


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.faults.storm", description=__doc__)
    parser.add_argument("--occurrences", type=int, default=10_000)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=50, help="in which they fall due")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="", help="only these kinds of fault, with commas")
    parser.add_argument("--control", choices=("", "unique", "fence", "check"), default="")
    return parser.parse_args()


def main() -> int:
    told = _arguments()
    with tempfile.TemporaryDirectory(prefix="storm-", ignore_cleanup_errors=True) as folder:
        os.environ["STORM_FOLDER"] = folder
        from tests.faults.storm.running import run

        verdict = run(
            occurrences=told.occurrences,
            faults=told.faults,
            seconds=60 * told.minutes,
            seed=told.seed,
            control=told.control,
            kinds=tuple(filter(None, told.kinds.split(","))),
        )
    for name, found in verdict.wrong.items():
        if found:
            print(f"{name}: {len(found)}, first {found[:3]}")
    wrong = {name: len(found) for name, found in verdict.wrong.items() if found}
    print(json.dumps({"seed": told.seed, "wrong": wrong} | verdict.counted))
    return int(not verdict.is_good)


if __name__ == "__main__":
    sys.exit(main())
