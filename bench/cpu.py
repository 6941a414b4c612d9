"""Part `cpu`: processor time of a submission, against the product of a fixed commit in the same run."""

from collections.abc import Iterator

from bench.options import NAMES, POSTGRESQL, SQLITE, Options
from bench.rounds import Round
from bench.table import Row, at_most
from bench.throughput import BASELINE, OLD, medians, ratio, rounds_in_turn

GOALS = {SQLITE: 0.25, POSTGRESQL: 0.33}


def rows(options: Options) -> Iterator[Row]:
    """Compare with the baseline in rounds that are made in turn; say so where its commit is not in the history."""
    for database in options.databases:
        what = f"CPU a submission, against commit {BASELINE[:7]}, {NAMES[database]}"
        rounds = rounds_in_turn(options, database)
        if rounds[OLD]:
            note = f"{medians(rounds, OLD, _cpu)} ms"
            yield at_most(what, ratio(rounds, OLD, _cpu), GOALS[database], note=note)
        else:
            yield Row(what, "the commit is not in this clone's history", f"≤ {GOALS[database]:g}")


def _cpu(one: Round) -> float:
    return one.cpu
