"""Giving a case more time: the reason, which its reporter is told."""

from handlers.actions import Done, NothingDone, Replaced, Result, back, button
from handlers.cases.labels import due, number
from handlers.context import HandlerContext
from handlers.press import Press
from services.access.member import Member
from services.cases.extend import ExtensionReason, case_to_extend, days_to_extend_by, extend
from services.cases.facts import facts_of
from texts.message import Message, in_rows


async def ask_reason(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask why a case takes longer."""
    case = await case_to_extend(context.work, who, press.subject)
    buttons = [
        button(context.words, f"team.extension_{reason}", Press("case", "extend", case.id, reason).pack())
        for reason in ExtensionReason
    ]
    text = context.words(
        "team.why_longer",
        number=number(case),
        due=due(context.words, await facts_of(context.work, case)),
        days=await days_to_extend_by(context.work, case),
    )
    return Replaced(Message(text, in_rows([*buttons, back(context.words, "case", "card", case.id)], 1)))


async def extend_case(context: HandlerContext, who: Member, press: Press) -> Result:
    """Give a case more time."""
    if press.arg not in list(ExtensionReason):
        return NothingDone(context.words("team.press_unknown"))
    await extend(context.work, who, press.subject, ExtensionReason(press.arg))
    return Done(context.words("team.done_extend"))
