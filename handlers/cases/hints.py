"""Hints that are no case yet: kept by one press, and brought to who leads there once several agree."""

from handlers.actions import Done, Replaced, Result, back, button
from handlers.cases.labels import category, number, place, received
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from services.access.member import Member
from services.cases.case_log import case_known_to
from services.cases.facts import facts_of
from services.cases.hints import LISTED, case_to_keep, hints_seen, keep_as_hint
from services.cases.notices import HintsAgree
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.message import Button, Message, in_rows


async def look_at(context: HandlerContext, who: Member, press: Press) -> Result:
    """Say what it means to keep a case as a hint, and ask for the press that does it."""
    case = await case_to_keep(context.work, who, press.subject)
    yes = button(context.words, "team.action_keep_as_hint", Press("case", "keep_as_hint", case.id).pack())
    text = context.words("team.look_at_hint", number=number(case))
    return Replaced(Message(text, ((yes,), (back(context.words, "case", "card", case.id),))))


async def keep(context: HandlerContext, who: Member, press: Press) -> Result:
    """Keep a case as a hint."""
    await keep_as_hint(context.work, who, press.subject)
    return Done(context.words("team.done_keep_as_hint"))


@renders_for_staff(HintsAgree)
async def hints_agree(work: UnitOfWork, reader: StaffReader, notice: HintsAgree) -> Message | None:
    words, case = reader.words, await case_known_to(work, reader.who, notice.case_id)
    hints: list[Case] = await hints_seen(work, reader.who, case)
    least = (await work.directory()).complaint_settings_of(case.round_id).hints_agree
    if len(hints) < least:  # taken up since
        return None
    facts = await facts_of(work, case)
    heading = words(
        "team.hints_agree", count=len(hints), place=place(words, facts), category=category(words, facts.category)
    )
    lines = [Html(f"{number(one)} · {received(words, await facts_of(work, one))}") for one in hints[:LISTED]]
    buttons = [Button(one.id, Press("queue", "case", one.id).pack()) for one in hints[:LISTED]]
    return Message(Html("\n".join([heading, *lines])), in_rows(buttons, 2))
