"""`python -m proof [PART OF A CLAIM]`: break each protection in a copy of the tree and see its test fail."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from proof.protections import PROTECTIONS, Protection

HERE = Path(__file__).parents[1]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "*.egg-info")
FAILED = 1  # pytest's exit code when tests ran and some failed; anything else proves nothing


@click.command()
@click.argument("part", default="")
@click.option("--table", is_flag=True, help="Print the claims and their tests as Markdown, and break nothing.")
def main(part: str, *, table: bool) -> None:
    """Take out each protection whose claim holds PART, one at a time, and see whether its test notices."""
    if table:
        click.echo(claims_and_tests(), nl=False)
        return
    chosen = [one for one in PROTECTIONS if part in one.claim]
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(HERE, tree, ignore=LEFT_OUT)
        unnoticed = [one for one in chosen if not _is_noticed(one, tree)]
    click.echo(f"{len(chosen) - len(unnoticed)} of {len(chosen)} protections: taken out, and the test turned red.")
    sys.exit(1 if unnoticed else 0)


def claims_and_tests() -> str:
    """Return the claims, each with the test that shows it, as a Markdown table."""
    lines = [f"| {one.claim} | `{one.test}` |" for one in PROTECTIONS]
    return "\n".join(["| claim | test |", "|---|---|", *lines]) + "\n"


def _is_noticed(protection: Protection, tree: Path) -> bool:
    file = tree / protection.file
    whole = file.read_text(encoding="utf-8")
    before = _run(protection, tree)
    file.write_text(protection.taken_out_of(whole), encoding="utf-8")
    after = _run(protection, tree)
    file.write_text(whole, encoding="utf-8")
    noticed = before.returncode == 0 and after.returncode == FAILED
    click.echo(f"{'noticed  ' if noticed else 'UNNOTICED'} {protection.claim}")
    if not noticed:
        click.echo((after if before.returncode == 0 else before).stdout[-2000:])
    return noticed


def _run(protection: Protection, tree: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-x", f"--basetemp={tree.parent / 'tmp'}", protection.test]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    main(prog_name="python -m proof")
