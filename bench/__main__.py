"""`python -m bench pages|engine|lighthouse`: print a table and JSON, exit 1 beyond a budget."""

import argparse
import sys

from bench import ground


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    pages = what.add_parser("pages", help="queries, time and bytes of the main pages")
    pages.add_argument("--show", action="append", default=[], help="print this page's statements")
    pages.add_argument("--quick", action="store_true", help="few repeats: for counts, not times")
    engine = what.add_parser("engine", help="rules against plain ifs; decisions a second; the fan")
    engine.add_argument("--histories", type=int, default=5_000)
    what.add_parser("lighthouse", help="Lighthouse on today, the session and progress")
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
        from bench import pages

        return pages.run(show=told.show, quick=told.quick)


if __name__ == "__main__":
    sys.exit(main())
