"""The forms of the reviewers: a submission is passed, with how it was looked at, or returned with a reason."""

from handlers import forms
from handlers.cases.reporter_text import text_for_reporters
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, written
from handlers.items.labels import number
from models.rectification import RectificationItem
from services.rectification.item_log import item_seen
from services.rectification.review_item import NothingTicked, ReturnReason, Tick, pass_item, return_item
from services.rectification.unit_actions import may
from texts.catalogue import SOURCE, Words
from texts.message import Message, in_rows

LONGEST_RESULT = 300  # characters
LONGEST_REASON = 800
_DONE = "done-"  # before the ticks, on the button that ends ticking


async def _item(form: FormContext) -> RectificationItem:
    return await item_seen(form.context.work, form.who, form.subject_id)


# ---- how it was looked at: each button carries the ticks as they are once it is pressed


async def _tick_sheet(form: FormContext, ticked: frozenset[Tick]) -> Message:
    buttons = [
        form.choice(
            f"{'☑' if tick in ticked else '☐'} {form.words.plain(f'item.tick_{tick}')}", _packed(ticked ^ {tick})
        )
        for tick in Tick
    ]
    go_on = form.choice(form.words.plain("item.button_ticked"), f"{_DONE}{_packed(ticked)}")
    text = form.words("item.tick_prompt", number=number(await _item(form)))
    return Message(text, (*in_rows(buttons, 2), (go_on,), (form.cancel,)))


async def _ask_for_ticks(form: FormContext) -> Message:
    return await _tick_sheet(form, frozenset())


async def _choose_ticks(form: FormContext, value: str) -> list[str] | Message:
    ticked = _unpacked(value.removeprefix(_DONE))
    if not value.startswith(_DONE):
        return await _tick_sheet(form, ticked)
    if not ticked:
        raise Rejected(form.words("item.tick_please"))
    return [tick.value for tick in Tick if tick in ticked]


def _packed(ticked: frozenset[Tick]) -> str:
    return "".join("1" if tick in ticked else "0" for tick in Tick)


def _unpacked(packed: str) -> frozenset[Tick]:
    return frozenset(tick for tick, mark in zip(Tick, packed, strict=False) if mark == "1")


# ---- the sentence for reporters


def _usual_result() -> str:
    # It is kept as the item's public result and told to reporters, whatever language the reviewer reads.
    return Words(SOURCE).plain("item.usual_result")


async def _ask_for_result(form: FormContext) -> Message:
    text = form.words("item.pass_prompt", number=number(await _item(form)), sentence=_usual_result())
    usual = form.choice(form.words.plain("item.button_usual_result"), "usual")
    return Message(text, ((usual,), (form.cancel,)))


async def _read_result(form: FormContext, entered: FormInput) -> str:
    return await text_for_reporters(form, entered, LONGEST_RESULT)


async def _choose_result(_form: FormContext, _value: str) -> str:
    return _usual_result()


async def _pass(form: FormContext) -> FormOutcome:
    ticks = [Tick(tick) for tick in form.answers["ticks"]]
    try:
        await pass_item(form.context.work, form.who, form.subject_id, form.answers["result"], ticks)
    except NothingTicked:
        raise FormRefused(form.words("item.tick_please")) from None
    return FormOutcome(form.words("item.done_pass"), card=True)


PASS_ITEM = Form(
    "pass_item",
    (
        Step("ticks", _ask_for_ticks, choose=_choose_ticks),
        Step("result", _ask_for_result, _read_result, _choose_result),
    ),
    check=lambda form: may(form.context.work, form.who, form.subject_id, "pass"),
    send=_pass,
    too_late="item.press_too_late",
    area="item",
)


# ---- or why it goes back


async def _ask_for_reason(form: FormContext) -> Message:
    reasons = [form.choice(form.words.plain(f"item.reason_{reason}"), reason.value) for reason in ReturnReason]
    text = form.words("item.return_prompt", number=number(await _item(form)))
    return Message(text, (*in_rows(reasons, 1), (form.cancel,)))


async def _read_reason(form: FormContext, entered: FormInput) -> dict[str, str]:
    """Take the reason in words, also before the button that asks for them is pressed."""
    return {"reason": ReturnReason.OTHER.value, "words": written(form, entered, LONGEST_REASON, "item.text_please")}


async def _choose_reason(form: FormContext, value: str) -> dict[str, str] | Message:
    if value not in list(ReturnReason):
        raise Rejected(form.words("item.press_unknown"))
    if value == ReturnReason.OTHER:
        text = form.words("item.return_words_prompt", number=number(await _item(form)))
        return Message(text, ((form.cancel,),))
    return {"reason": value, "words": ""}


async def _return(form: FormContext) -> FormOutcome:
    given = form.answers["reason"]
    await return_item(form.context.work, form.who, form.subject_id, ReturnReason(given["reason"]), given["words"])
    return FormOutcome(form.words("item.done_return"), card=True)


RETURN_ITEM = Form(
    "return_item",
    (Step("reason", _ask_for_reason, _read_reason, _choose_reason, is_reason=True),),
    check=lambda form: may(form.context.work, form.who, form.subject_id, "return"),
    send=_return,
    too_late="item.press_too_late",
    area="item",
)
forms.register(PASS_ITEM, RETURN_ITEM)
