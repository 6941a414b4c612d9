"""Rounds of the product, the ceiling and the baseline in turn, shared by the parts that compare them."""

import asyncio
import io
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from statistics import median

from bench.databases import fresh_addresses
from bench.options import Options
from bench.rounds import ROOT, Round, Size, run_round

BASELINE = "76f47bfb0fba64900cc0fc07e53737cd0859cbc0"  # the commit that CPU is compared with
PRODUCT, CEILING, OLD = "product", "ceiling", "baseline"
NEEDED = {"submissions": CEILING, "cpu": OLD}  # by part, besides the product

Rounds = Mapping[str, tuple[Round, ...]]


@cache
def rounds_in_turn(options: Options, database: str) -> Rounds:
    """Return the rounds of each server that the parts of this run compare, made in turn, on new databases each."""
    size = Size(options.submissions, options.residents)
    servers = [PRODUCT, *(server for part, server in NEEDED.items() if part in options.parts)]
    found: dict[str, list[Round]] = {server: [] for server in servers}
    with tempfile.TemporaryDirectory() as name, fresh_addresses(database, Path(name)) as fresh:
        folder = Path(name)
        if OLD in servers and not extract_baseline(folder / "commit"):
            servers.remove(OLD)
        for number in range(options.rounds):
            for server in servers:
                arguments = (str(folder / "commit"),) if server == OLD else ()
                work = run_round(f"bench.servers.{server}", arguments, fresh(), folder / f"{server}-{number}", size)
                found[server].append(asyncio.run(work))
    return {server: tuple(rounds) for server, rounds in found.items()}


def ratio(rounds: Rounds, other: str, figure: Callable[[Round], float]) -> float:
    """Return the median of the ratios of product to `other`, round by round."""
    return median(figure(one) / figure(two) for one, two in zip(rounds[PRODUCT], rounds[other], strict=True))


def medians(rounds: Rounds, other: str, figure: Callable[[Round], float]) -> str:
    """Return the medians of product and `other`."""
    one, two = (median(map(figure, rounds[server])) for server in (PRODUCT, other))
    return f"{one:.3g} : {two:.3g}"


def extract_baseline(folder: Path) -> bool:
    """Extract the baseline's files; return False where the history does not hold it (a shallow clone, no git)."""
    try:
        archive = subprocess.run(("git", "archive", BASELINE), cwd=ROOT, capture_output=True, check=True).stdout
    except (subprocess.CalledProcessError, FileNotFoundError):
        return False
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    return True
