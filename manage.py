#!/usr/bin/env python
"""Flexion's command line: brings up the embedded servers if no database is named."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("FLEXION_DEMO", "1")
    from config import embedded

    with embedded.provided(sys.argv):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
