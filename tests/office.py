"""Somebody at the command line: the commands as processes, or inside this one."""

import asyncio
import ctypes
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.config import variable_of
from simulator.changes import WAIT_LIMIT_SECONDS

ROOT = Path(__file__).parents[1]

_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 24, 1, 2


@dataclass(frozen=True)
class CommandResult:
    """What a command said."""

    code: int
    out: str
    err: str


@dataclass
class Office:
    """A folder where somebody works at the command line, with these variables set."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    prepared: Callable[[], None] | None = None  # what is done in a new process before its command

    def set(self, setting: str, value: str) -> None:
        self.environment[variable_of(setting)] = value

    def unset(self, setting: str) -> None:
        del self.environment[variable_of(setting)]

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        """Start a command as a process of its own."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("XUNSHENG_")}
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words,
            cwd=self.folder,
            env=own | {"PYTHONPATH": str(ROOT)} | self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=self.prepared,
        )  # fmt: skip

    async def run_process(self, *words: str) -> CommandResult:
        process = await self.start(*words)
        try:
            async with asyncio.timeout(WAIT_LIMIT_SECONDS):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return CommandResult(process.returncode or 0, out.decode(), err.decode())

    async def run(self, *words: str) -> CommandResult:
        """Run a command, inside this process where it can be: that is many times faster than starting one."""
        if "run" in words:  # it listens for signals, which only a main thread can
            return await self.run_process(*words)
        result = await asyncio.to_thread(self._invoke, *words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return CommandResult(result.exit_code, result.stdout, result.stderr)

    def _invoke(self, *words: str) -> Result:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for name in [name for name in os.environ if name.startswith("XUNSHENG_")]:
                patch.delenv(name)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            return CliRunner().invoke(main, words)

    async def must(self, *words: str) -> str:
        said = await self.run(*words)
        assert said.code == 0, said
        return said.out

    async def refused(self, *words: str) -> str:
        """Return the one sentence a command ended with."""
        return self._sentence(await self.run(*words))

    async def refused_in_process(self, *words: str) -> str:
        """Return the one sentence a command ended with in a process of its own."""
        return self._sentence(await self.run_process(*words))

    @staticmethod
    def _sentence(said: CommandResult) -> str:
        assert said.code in (1, 2), said
        assert said.out == ""
        assert len(said.err.splitlines()) == 1, said.err
        [sentence] = said.err.splitlines()
        return sentence.removeprefix("Error: ")


def heed_modes() -> None:
    """Take from a process the right of root to open what a mode forbids."""
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def write_at_most(size: int) -> None:
    """Let no file of a process grow beyond a size, as a full disk does."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
