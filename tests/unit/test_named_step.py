"""The question of a form for a unit: pages of buttons, or a part of a name."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import pytest

from handlers.context import HandlerContext
from handlers.forms import FormContext, FormInput, Rejected
from handlers.named_step import unit_step
from handlers.press import unpack
from services.access.member import Member
from services.directory import UnitRecord
from services.people.forms import OpenForm
from texts.catalogue import Html, Words
from texts.message import Message, Rows

UNITS = [UnitRecord(f"U{number}", f"第{number}镇", None, None) for number in range(1, 20)]


async def _units_named(_form: FormContext, named: str) -> Sequence[UnitRecord]:
    return [unit for unit in UNITS if named in unit.name]


async def _prompt(form: FormContext) -> Html:
    return form.words("office.unit_prompt")


STEP = unit_step(_units_named, _prompt, "office.unit_not_found")


@pytest.fixture
def form() -> FormContext:
    context = cast(HandlerContext, SimpleNamespace(words=Words("zh_Hans")))
    who = Member("P04", "谭静", "zh_Hans", (), frozenset())
    return FormContext(context, who, OpenForm("issue_item", None, STEP.name))


def _labels(rows: Rows) -> list[str]:
    return [button.label for row in rows for button in row]


async def _press(form: FormContext, message: Message, label: str) -> object:
    [data] = [button.data for row in message.buttons for button in row if button.label == label]
    press = unpack(data or "")
    assert STEP.choose is not None
    assert press is not None
    return await STEP.choose(form, press.arg)


async def test_all_units_are_reached_page_by_page_and_each_once(form: FormContext) -> None:
    more, page = form.words.plain("item.button_more"), await STEP.ask(form)
    seen = [_labels(page.buttons)[:-1]]
    while more in seen[-1] and len(seen) < len(UNITS):
        turned = await _press(form, page, more)
        assert isinstance(turned, Message)
        page = turned
        seen.append(_labels(page.buttons)[:-1])
    assert [len(labels) for labels in seen] == [9, 9, 3]
    assert [label for labels in seen for label in labels if label != more] == [unit.name for unit in UNITS]


async def test_a_unit_whose_button_is_pressed_is_the_answer(form: FormContext) -> None:
    assert await _press(form, await STEP.ask(form), "第3镇") == "U3"


async def test_of_a_name_that_fits_several_those_are_offered_to_choose_from(form: FormContext) -> None:
    assert STEP.read is not None
    assert await STEP.read(form, FormInput("第12")) == "U12"
    with pytest.raises(Rejected) as several:
        await STEP.read(form, FormInput("2镇"))
    assert _labels(several.value.buttons)[:-1] == ["第2镇", "第12镇"]
    with pytest.raises(Rejected) as none:
        await STEP.read(form, FormInput("没有这个镇"))
    assert none.value.buttons == ()


async def test_a_button_of_a_unit_that_is_none_any_more_is_refused(form: FormContext) -> None:
    assert STEP.choose is not None
    with pytest.raises(Rejected):
        await STEP.choose(form, "0123456789abcdef")
