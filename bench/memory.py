"""Part `memory`: what `xunsheng run` takes when nothing happens, and what its imports cost."""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.crowd import open_crowd
from bench.options import Options
from bench.rounds import ROOT
from bench.servers.pipe import free_port
from bench.table import Row, at_most

IDLE_MEGABYTES = 110
IMPORT_SECONDS = 1
# What `xunsheng run` has imported by the time it goes to work.
IMPORTING = "import time; wall = time.perf_counter(); import bot.__main__, bot.bootstrap"
TIMES = f"{IMPORTING}; print(time.process_time(), time.perf_counter() - wall)"
WORST = 25  # packages


def rows(options: Options) -> Iterator[Row]:
    """Run the command itself on a new county until it idles; import what it imports in processes of their own."""
    with tempfile.TemporaryDirectory() as folder:
        resident, spent = asyncio.run(_idle(Path(folder)))
    yield at_most(
        "memory of `xunsheng run`, idle", resident, IDLE_MEGABYTES, unit=" MB", note=f"after {spent:.1f} s of CPU"
    )
    _import(TIMES)  # once without counting: it compiles
    seconds = [tuple(map(float, _import(TIMES).stdout.split())) for _ in range(3 if options.quick else 7)]
    cpu, wall = (median(column) for column in zip(*seconds, strict=True))
    yield at_most("imports of `xunsheng run`, CPU", cpu, IMPORT_SECONDS, unit=" s", note=f"{wall:.2f} s by the clock")
    if options.verbose:
        print(_worst(_import(IMPORTING, "-X", "importtime").stderr), file=sys.stderr)


async def _idle(folder: Path) -> tuple[float, float]:
    """Return the resident megabytes of a running bot that has nothing to do, and the processor time it has used."""
    async with open_crowd() as crowd:
        environment = os.environ | {
            "XUNSHENG_TELEGRAM__TOKEN": "4242:bench",
            "XUNSHENG_TELEGRAM__API_BASE_URL": crowd.base_url,
            "XUNSHENG_TELEGRAM__WEBHOOK_URL": "http://127.0.0.1/hook",
            "XUNSHENG_TELEGRAM__WEBHOOK_PORT": str(free_port()),
            "PYTHONPATH": str(ROOT),
        }
        for command in (("init",), ("import", "sample")):
            arguments = (sys.executable, "-m", "bot", *command)
            await asyncio.to_thread(
                subprocess.run, arguments, cwd=folder, env=environment, check=True, capture_output=True
            )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=folder, env=environment, stderr=subprocess.DEVNULL
        )
        try:
            await asyncio.wait_for(crowd.webhook_set.wait(), 120)
            spent = -1.0
            while (now := _cpu_seconds(process.pid)) != spent:  # idle: a second without work
                spent = now
                await asyncio.sleep(1)
            return _resident_megabytes(process.pid), spent
        finally:
            process.terminate()
            await process.wait()


def _resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _import(code: str, *flags: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    arguments = (sys.executable, *flags, "-c", code)
    return subprocess.run(arguments, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)


def _worst(report: str) -> str:
    """Return the packages whose own modules took longest to import, from the report of -X importtime."""
    packages: dict[str, int] = {}
    for microseconds, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)", report):
        package = name.partition(".")[0]
        packages[package] = packages.get(package, 0) + int(microseconds)
    worst = sorted(packages.items(), key=lambda item: -item[1])[:WORST]
    return "\n".join(f"{microseconds / 1000:8.1f} ms  {package}" for package, microseconds in worst)
