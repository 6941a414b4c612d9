"""What somebody meets who opens the demo for the first time: phones in view, steps to try, and one demo at a time."""

import signal
import subprocess
import sys
from pathlib import Path

from playwright.async_api import Locator, expect

from bot.demo import STEPS
from tests.e2e import story
from tests.e2e.wall import ADDRESS, Wall, demo

ROOT = Path(__file__).parents[2]
PHONES = ("resident", "board", "leader", "head", "office")
BROWSER = ("page-back", "page-home", "page-tab", "page")


async def test_every_phone_and_its_input_line_are_in_view_on_small_screens_too(wall: Wall) -> None:
    await wall.scan_poster()
    await wall.resident.reads("桥头岭村")
    await wall.scan_poster(phone="browser")
    await wall.browser.reads("桥头岭村")
    for width, height in ((1366, 768), (1280, 720), (1800, 1000)):
        await wall.page.set_viewport_size({"width": width, "height": height})
        for name in PHONES:
            phone = wall.page.get_by_test_id(f"phone-{name}")
            for node in (phone, phone.get_by_test_id("composer"), phone.get_by_test_id("send")):
                await assert_in_view(node, width, height)
        for part in BROWSER:
            await assert_in_view(wall.browser.node.get_by_test_id(part), width, height)


async def assert_in_view(node: Locator, width: int, height: int) -> None:
    box = await node.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= height


async def test_a_visitor_is_told_step_by_step_what_to_try_and_what_was_done_is_ticked_off(wall: Wall) -> None:
    steps = [wall.page.get_by_test_id(f"step-{number}") for number in range(1, len(STEPS) + 1)]
    await expect(steps[0]).to_contain_text("点公告栏里“桥头岭村”的海报")
    await expect(steps[0]).to_contain_text("Click the poster")
    await expect(steps[0]).to_have_class("next")
    await story.submit(wall)
    for step, looks in zip(steps, ("done", "done", "next", ""), strict=False):
        await expect(step).to_have_class(looks)
    await story.claim_and_read(wall)
    await story.order_fix(wall)
    await story.hand_in(wall)
    await story.pass_and_clear(wall)
    await wall.pass_time("day")
    await wall.office.reads("今天的整改提醒")
    await story.read_by_code(wall)
    await story.open_desk(wall)
    for step in steps:
        await expect(step).to_have_class("done")


async def test_a_phone_stays_at_its_newest_message_when_the_clock_is_moved(wall: Wall) -> None:
    async def hidden_below() -> float:
        feed = wall.leader.node.locator(".feed")
        return float(await feed.evaluate("feed => feed.scrollHeight - feed.scrollTop - feed.clientHeight"))

    await wall.leader.reads("/help")
    assert await hidden_below() < 1
    before = await wall.page.locator("#date").inner_text()
    await wall.pass_time("day")
    await expect(wall.page.locator("#date")).not_to_have_text(before)
    assert await hidden_below() < 1


async def test_no_word_on_a_button_is_broken_in_two_on_a_small_screen(wall: Wall) -> None:
    await wall.page.set_viewport_size({"width": 1366, "height": 768})
    await wall.scan_poster()
    await wall.resident.reads("桥头岭村")
    english = wall.resident.node.get_by_test_id("button").filter(has_text="English")
    chinese = wall.resident.node.get_by_test_id("button").filter(has_text="简体")
    lines = """key => {
        const range = document.createRange()
        range.selectNodeContents(key)
        return range.getClientRects().length
    }"""
    assert await english.evaluate(lines) == await chinese.evaluate(lines) == 1


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
        ["make", "--no-print-directory", "--dry-run", "demo", "PORT=8090"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.splitlines()[-1].endswith("xunsheng demo --port 8090")
    assert "make demo PORT=8090" in (ROOT / "README.md").read_text(encoding="utf-8")
