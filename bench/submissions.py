"""Part `submissions`: complete submissions a second, against the ceiling."""

from collections.abc import Iterator

from bench.options import NAMES, POSTGRESQL, SQLITE, Options
from bench.rounds import Round
from bench.table import Row, at_least
from bench.throughput import CEILING, medians, ratio, rounds_in_turn

GOALS = {SQLITE: 0.5, POSTGRESQL: 0.3}


def rows(options: Options) -> Iterator[Row]:
    """Compare with the ceiling in rounds that are made in turn."""
    for database in options.databases:
        rounds = rounds_in_turn(options, database)
        name = NAMES[database]
        yield at_least(
            f"submissions a second, {options.residents} at once, against the ceiling, {name}",
            ratio(rounds, CEILING, _per_second),
            GOALS[database],
            note=f"{medians(rounds, CEILING, _per_second)} a second, cores {medians(rounds, CEILING, _core)}",
        )
        figure = f"{ratio(rounds, CEILING, _cpu):.1f} ({medians(rounds, CEILING, _cpu)} ms)"
        yield Row(f"CPU a submission, against the ceiling, {name}", figure)


def _per_second(one: Round) -> float:
    return one.per_second


def _core(one: Round) -> float:
    return one.core


def _cpu(one: Round) -> float:
    return one.cpu
