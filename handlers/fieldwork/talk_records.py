"""Records of talks with one person: kept by a form, listed by their days, and opened one by one."""

import re

from handlers import forms
from handlers.actions import Action, Done, Result, Subject, back, button, register
from handlers.context import HandlerContext
from handlers.fieldwork.labels import quoted
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Rejected, Step, written
from handlers.press import Press
from models.states import Impossible
from services.access.member import Member
from services.fieldwork.places import FieldPlace, place_of
from services.fieldwork.talk_records import (
    LONGEST_POINTS,
    LONGEST_POST,
    LONGEST_TOPICS,
    NothingThere,
    keep_talk,
    linked,
    read_talk,
    talks_at,
)
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message, WrittenFor

AREA = "record"
KEPT_HOURS = 24  # what a member has opened stays in their chat
_NUMBER = re.compile(r"RI\d{2,6}|\d{8}")


async def record_list(context: HandlerContext, who: Member, key: str) -> Message:
    """Return the latest talks at a place, by who held them and when: what was said stands behind each button.

    Raises NotEntitled.
    """
    words, known = context.words, await context.work.directory()
    place = place_of(known, who, key)
    talks = await talks_at(context.work, place)
    name = known.units[place.unit_id].name
    text = words("field.records_heading" if talks else "field.no_records", name=name)
    rows = [
        (
            Button(
                words.plain(
                    "field.record_button",
                    day=day(words, one.held_on, context.work.today),
                    name=known.names.get(one.by_id, one.by_id),
                ),
                Press(AREA, "read", one.id).pack(),
            ),
        )
        for one in talks
    ]
    new = button(words, "field.button_keep_talk", Press("place", "keep_talk", key).pack())
    return Message(text, (*rows, (new,), (back(words, "place", "card", key),)))


async def _read(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show what was said in a talk, for a day."""
    words, talk = context.words, await read_talk(context.work, who, press.subject)
    lines = [
        words("field.record_read", post=talk.post, day=day(words, talk.held_on, context.work.today), name=talk.by),
        words("field.record_topics", topics=talk.topics),
        quoted(talk.points),
    ]
    numbers = [*talk.case_ids, *talk.item_ids]
    lines += [words("field.record_links", numbers=words("staff.list_comma").join(numbers))] if numbers else []
    text = Html("\n".join([*lines, words("team.text_footer")]))
    shown = Message(text, protect=True, written_for=WrittenFor.COLLEAGUES)
    await context.say(shown, delete_after_hours=KEPT_HOURS)
    return Done(renew=False)


# ---- the form


async def _place(form: FormContext) -> FieldPlace:
    return place_of(await form.context.work.directory(), form.who, form.subject_id)


def _ask(form: FormContext, prompt: str, **values: object) -> Message:
    return Message(form.words(prompt, **values), ((form.cancel,),), written_for=WrittenFor.COLLEAGUES)


async def _ask_for_post(form: FormContext) -> Message:
    return _ask(form, "field.post_prompt")


async def _read_post(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_POST, "item.text_please")


async def _ask_for_topics(form: FormContext) -> Message:
    return _ask(form, "field.topics_prompt")


async def _read_topics(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_TOPICS, "item.text_please")


async def _ask_for_points(form: FormContext) -> Message:
    return _ask(form, "field.points_prompt", most=LONGEST_POINTS)


async def _read_points(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_POINTS, "item.text_please")


async def _ask_for_links(form: FormContext) -> Message:
    none = form.choice(form.words.plain("field.button_no_links"), "none")
    text = form.words("field.links_prompt")
    return Message(text, ((none,), (form.cancel,)), written_for=WrittenFor.COLLEAGUES)


async def _read_links(form: FormContext, entered: FormInput) -> list[str]:
    """Take the numbers of cases and items, whatever stands between them."""
    numbers = list(dict.fromkeys(_NUMBER.findall(entered.text.upper())))
    try:
        await linked(form.context.work, form.who, numbers)
    except NothingThere as unknown:
        raise Rejected(form.words("field.link_not_found", number=str(unknown))) from None
    if not numbers:
        raise Rejected(form.words("field.link_please"))
    return numbers


async def _choose_no_links(_form: FormContext, _value: str) -> list[str]:
    return []


async def _keep(form: FormContext) -> FormOutcome:
    given = form.answers
    try:
        await keep_talk(
            form.context.work,
            form.who,
            form.subject_id,
            given["post"],
            given["topics"],
            given["points"],
            given["links"],
        )
    except NothingThere as gone:
        return FormOutcome(form.words("field.link_not_found", number=str(gone)))
    return FormOutcome(form.words("field.record_kept"), card=True)


KEEP_TALK = Form(
    "keep_talk",
    (
        Step("post", _ask_for_post, _read_post),
        Step("topics", _ask_for_topics, _read_topics),
        Step("points", _ask_for_points, _read_points),
        Step("links", _ask_for_links, _read_links, _choose_no_links),
    ),
    check=_place,
    send=_keep,
    too_late="field.press_too_late",
    area="place",
    card_when_cancelled=True,
)
forms.register(KEEP_TALK)


async def _refused(context: HandlerContext, _who: Member, _press: Press, refusal: Exception) -> None:
    context.alert("field.press_too_late" if isinstance(refusal, Impossible) else "field.not_yours")


SUBJECT = register(
    Subject(
        AREA, (Action("read", _read),), _refused, stranger_key="field.not_yours", unknown_key="field.press_too_late"
    )
)
