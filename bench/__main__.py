"""`python -m bench WHAT`: tables, a line of JSON last; exit code 1 beyond a budget."""

import argparse
import sys

from bench import ground


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    pages = what.add_parser("pages", help="queries, time and bytes of the main pages")
    pages.add_argument("--show", action="append", default=[], help="print this page's statements")
    pages.add_argument("--quick", action="store_true", help="few repeats: for counts, not times")
    scale = what.add_parser("scale", help="the queue and a patient's page in a clinic of any size")
    scale.add_argument("--patients", type=int, default=10_000)
    library = what.add_parser("library", help="finding among many exercises, and the page of it")
    library.add_argument("--exercises", type=int, default=10_000)
    engine = what.add_parser("engine", help="rules against plain ifs; decisions a second; the fan")
    engine.add_argument("--histories", type=int, default=5_000)
    reminders = what.add_parser("reminders", help="messages a second, idle ticks, 300,000")
    reminders.add_argument("--quick", action="store_true", help="a twentieth of everything")
    what.add_parser("lighthouse", help="Lighthouse on public pages, the phone and the queue")
    offline = what.add_parser("offline", help="sessions on a line that fails: none lost or doubled")
    offline.add_argument("--runs", type=int, default=1_000)
    offline.add_argument("--seed", type=int, default=1)
    offline.add_argument("--minutes", type=float, default=60, help="no new run after these")
    controls = ("no-unique-key", "delete-before-answer")
    offline.add_argument(
        "--control", choices=controls, default="", help="break it: must be noticed"
    )
    return parser.parse_args()


def main() -> int:
    told = _arguments()
    if told.what == "engine":
        from bench import engine

        return engine.run(histories=told.histories)
    with ground.database():
        if told.what == "lighthouse":
            from bench import lighthouse

            return lighthouse.run()
        if told.what == "offline":
            from bench import offline

            return offline.run(
                runs=told.runs, seed=told.seed, control=told.control, minutes=told.minutes
            )
        if told.what == "reminders":
            from bench import reminders

            return reminders.run(quick=told.quick)
        if told.what == "scale":
            from bench import scale

            return scale.run(patients=told.patients)
        if told.what == "library":
            from bench import library

            return library.run(exercises=told.exercises)
        from bench import pages

        return pages.run(show=told.show, quick=told.quick)


if __name__ == "__main__":
    sys.exit(main())
