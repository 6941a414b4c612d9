"""`python -m bench`: measure the product against its goals, and print one table.

NAME chooses parts; without one, all are measured. A part is a module of bench/ with a function `rows(options)`. A
command is a module with a function `main(arguments)` of its own: `python -m bench COMMAND --help`.
"""

import argparse
import os
import platform
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from bench.options import Options, add_database
from bench.table import Row, render

PARTS = {
    "statements": "statements a submission, counted at the driver",
    "submissions": "submissions a second, against the ceiling",
    "cpu": "CPU a submission, against a fixed commit",
    "alone": "press to answer for one resident alone, against the ceiling",
    "size": "duties of a tick and waits of a writer, large against small",
    "tick": "a tick of which nothing is due, 100,000 items against 1,000",
    "finding": "cases found among many, by columns and by words",
    "sending": "messages a second to a strict server",
    "memory": "memory idle, and the cost of imports",
    "web": "submissions and views of the pages, against a bare handler",
}
COMMANDS = {
    "trace": "each statement of a submission with the line that issues it",
    "month": "a month of 3,029 complaints, worked through to the last answer",
    "year": "a year of 18,000 items, whose reminders a second calculation demands",
    "intake": "complaints from a file",
    "kill": "the process killed at any moment",
    "faults": "the network and the disk failing",
    "fuzz": "files and updates that nobody meant",
    "lighthouse": "what Lighthouse says of the pages, where it is installed",
}


def main(arguments: Sequence[str]) -> int:
    """Run a command or the chosen parts; return the exit status, which is not 0 when a part failed."""
    if arguments and arguments[0] in available(COMMANDS):
        command = import_module(f"bench.{arguments[0]}")
        return int(command.main(arguments[1:]) or 0)
    options = read_options(arguments)
    print(f"{machine()}; {options.rounds} rounds of {options.submissions} submissions", flush=True)
    rows: list[Row] = []
    failed = False
    for part in options.parts:
        try:
            for row in import_module(f"bench.{part}").rows(options):
                print(f"{row.what}: {row.measured}", file=sys.stderr, flush=True)
                rows.append(row)
        except Exception as error:  # the other parts are measured all the same
            traceback.print_exc()
            rows.append(Row(part, f"failed: {type(error).__name__}", met=False))
            failed = True
    print(render(rows))
    return int(failed)


def read_options(arguments: Sequence[str]) -> Options:
    """Read the command line; print the help and exit where that is asked for or something is not known."""
    parts, commands = available(PARTS), available(COMMANDS)
    described = [f"  {name:<12} {text}" for name, text in parts.items()]
    described += ["", "commands:", *(f"  {name:<12} {text}" for name, text in commands.items())]
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        epilog="\n".join(("parts:", *described)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="NAME", help="a part; all, if none is named")
    parser.add_argument("--quick", action="store_true", help="one short round of each: a look, not a measurement")
    parser.add_argument("--rounds", type=int, help=f"of each server, in turn; {Options.rounds}")
    parser.add_argument("--submissions", type=int, help=f"a round; {Options.submissions}")
    parser.add_argument("--residents", type=int, default=Options.residents, help="at once; %(default)s")
    add_database(parser)
    parser.add_argument("--verbose", action="store_true", help="also the packages that take longest to import")
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.parts if name not in parts]:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(parts)}")
    return Options(
        parts=tuple(given.parts or parts),
        databases=tuple(given.database or Options.databases),
        rounds=given.rounds or (1 if given.quick else Options.rounds),
        submissions=given.submissions or (64 if given.quick else Options.submissions),
        residents=given.residents,
        quick=given.quick,
        verbose=given.verbose,
    )


def available(modules: dict[str, str]) -> dict[str, str]:
    """Return those of the modules that are there."""
    return {name: text for name, text in modules.items() if find_spec(f"bench.{name}") is not None}


def machine() -> str:
    """Return what it was measured on."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = names[0].partition(":")[2].strip() if names else platform.machine()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores {model}, {platform.system()}, Python {platform.python_version()}, load {load}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
