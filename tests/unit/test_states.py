"""The printed state machines."""

from pathlib import Path

from click.testing import CliRunner

from bot.__main__ import main
from models.states import MACHINES

PAGE = Path(__file__).parents[2] / "docs" / "states.md"


def printed() -> str:
    result = CliRunner().invoke(main, ["states"])
    assert result.exit_code == 0
    return result.output


def test_every_machine_is_printed_with_every_arrow() -> None:
    output = printed()
    for machine in MACHINES:
        for arrow in machine.transitions:
            for source in arrow.sources:
                assert f"{source} --> {arrow.target}: {arrow.action}" in output


def test_the_page_about_states_shows_what_is_printed() -> None:
    assert printed() in PAGE.read_text(encoding="utf-8"), "run `xunsheng states` and paste it into docs/states.md"


def test_printing_states_needs_no_settings() -> None:
    result = CliRunner().invoke(main, ["--config", "missing.toml", "states"])
    assert result.exit_code == 0
