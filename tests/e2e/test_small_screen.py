"""On a small screen: the button that sends stays in view, and in a crisis the telephone numbers with it."""

from pathlib import Path

import pytest

from tests.e2e.wall import Wall

SMALL = (360, 640)
PHOTO = Path(__file__).parents[2] / "simulator" / "static" / "samples" / "1-bridge.jpg"
NUMBERS = ("110", "120", "12338", "12356")


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("他又动手了,我抱着娃躲在外头",), id="at once"),
        pytest.param(("路灯不亮", "他又动手了,我抱着娃躲在外头", "在村口", "来人啊"), id="among other lines"),
        pytest.param(("说来话长" * 60 + "他又动手了,我抱着娃躲在外头",), id="at the end of much"),
    ],
)
async def test_in_a_crisis_the_numbers_and_the_button_that_sends_are_in_view(
    wall: Wall, lines: tuple[str, ...]
) -> None:
    resident = wall.resident
    await resident.as_large_as(*SMALL)
    await wall.scan_poster()
    await resident.reads("桥头岭村")
    for line in lines:
        await resident.type(line)
        await resident.reads(line[:4])
    card = await resident.reads("马上能打的电话")
    await resident.reads(lines[-1][:4])
    for number in NUMBERS:
        await resident.shows(card.locator("b", has_text=number).last)
    await resident.shows(resident.node.locator('[data-callback^="1.r.send"]').last)
    await resident.press("1.r.send")
    receipt = await resident.reads("按人命关天的急事办")
    for number in NUMBERS:
        await resident.shows(receipt.locator("b", has_text=number).last)


async def test_the_button_that_sends_is_in_view_after_every_short_line_and_after_a_photo(wall: Wall) -> None:
    resident = wall.resident
    send = resident.node.locator('[data-callback^="1.r.send"]').last
    await resident.as_large_as(*SMALL)
    await wall.scan_poster()
    await resident.reads("桥头岭村")
    await resident.type("俺是桥头岭的老汉")  # gives the card one row of buttons more
    await resident.reads("说到自己的话")
    for number in range(1, 11):
        await resident.type(f"渠断了{number}处")
        await resident.reads(f"渠断了{number}处")
        await resident.shows(send)
    await resident.node.get_by_test_id("file-input").set_input_files(PHOTO)
    await resident.node.get_by_test_id("send").click()
    await resident.reads("照片、录音等 1 份")
    await resident.shows(send)
