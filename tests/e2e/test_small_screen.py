"""On a small screen: in a crisis the telephone numbers, and the button that sends, stay in view."""

import pytest

from tests.e2e.wall import Wall

SMALL = (360, 640)
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
        assert await resident.shows(card.locator("b", has_text=number).last), number
    assert await resident.shows(resident.node.locator('[data-callback^="1.r.send"]').last)
    await resident.press("1.r.send")
    receipt = await resident.reads("按人命关天的急事办")
    for number in NUMBERS:
        assert await resident.shows(receipt.locator("b", has_text=number).last), number
