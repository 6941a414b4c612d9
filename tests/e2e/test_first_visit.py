"""What somebody meets who opens the demo for the first time: phones in view, steps to try, and one demo at a time."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.demo import STEPS
from tests.e2e import story
from tests.e2e.wall import ADDRESS, Wall, demo

ROOT = Path(__file__).parents[2]
PHONES = ("resident", "board", "leader", "head", "office")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1280, 720), (1800, 1000)])
async def test_every_phone_and_its_input_line_are_in_view(page: Page, address: str, width: int, height: int) -> None:
    await page.set_viewport_size({"width": width, "height": height})
    wall = Wall(page)
    await wall.open(address)
    await wall.scan_poster()
    await wall.resident.reads("桥头岭村")
    for name in PHONES:
        phone = page.get_by_test_id(f"phone-{name}")
        for node in (phone, phone.get_by_test_id("composer"), phone.get_by_test_id("send")):
            box = await node.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= height


async def test_a_visitor_is_told_step_by_step_what_to_try_and_what_was_done_is_ticked_off(wall: Wall) -> None:
    steps = wall.page.get_by_test_id(re.compile(r"step-\d+"))
    await expect(steps).to_have_count(len(STEPS))
    first, second = steps.nth(0), steps.nth(1)
    await expect(first).to_contain_text("点公告栏里“桥头岭村”的海报")
    await expect(first).to_contain_text("Click the poster")
    await expect(first).to_have_class("next")
    await story.submit(wall)
    await expect(first).to_have_class("done")
    await expect(second).to_have_class("done")
    third = steps.nth(2)
    await expect(third).to_have_class("next")
    await story.claim_and_read(wall)
    await expect(third).to_have_class("done")


async def test_the_whole_story_ticks_off_every_step(wall: Wall) -> None:
    await story.submit(wall)
    await story.claim_and_read(wall)
    await story.order_fix(wall)
    await story.hand_in(wall)
    await story.pass_and_clear(wall)
    await wall.pass_time("day")
    await wall.office.reads("今天的整改提醒")
    await story.read_by_code(wall)
    for number in range(1, len(STEPS) + 1):
        await expect(wall.page.get_by_test_id(f"step-{number}")).to_have_class("done")


def another(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "demo", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder that nobody is using, or that must not change."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_second_demo_says_where_the_first_one_is_and_touches_nothing(tmp_path: Path) -> None:
    with demo(tmp_path) as address:
        keyring = contents(tmp_path / ".demo" / "keyring")
        for arguments in ((), ("--port", "0")):
            second = another(tmp_path, *arguments)
            assert second.returncode == 1
            assert f"A demo is running already: open {address}" in second.stderr
        assert contents(tmp_path / ".demo" / "keyring") == keyring
        assert (tmp_path / ".demo" / "running").read_text(encoding="utf-8") == address


def test_a_demo_that_was_killed_holds_up_no_other(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "demo", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert ADDRESS.search(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    with demo(tmp_path) as address:
        assert address


def test_make_takes_another_port_for_the_demo_and_the_readme_says_so() -> None:
    made = subprocess.run(
        ["make", "--dry-run", "demo", "PORT=8090"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert made.stdout.splitlines()[-1].endswith("xunsheng demo --port 8090")
    assert "make demo PORT=8090" in (ROOT / "README.md").read_text(encoding="utf-8")
