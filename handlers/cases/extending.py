"""Giving a case more time, and asking for it: the reason, which its reporter is told, and the decision."""

from handlers import forms
from handlers.actions import Done, NothingDone, Replaced, Result, back, button
from handlers.cases.labels import due, number
from handlers.cases.notices import about_case
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormOutcome, FormRefused, Step
from handlers.notices import StaffReader, renders, renders_for_staff
from handlers.press import Press
from handlers.steps import one_of, reason_of
from models.complaints import Case
from models.extension import AskedForTime, ExtensionReason
from models.message_key import Shows
from services.access.member import Member
from services.cases.actions import may_decide_on_time
from services.cases.deciders import NobodyMayDecide, keep_where_pressed
from services.cases.extend import (
    ask_extension,
    case_to_ask_for,
    case_to_extend,
    days_to_extend_by,
    decline_extension,
    extend,
    grant_extension,
    words_of,
)
from services.cases.facts import facts_of
from services.cases.notices import ExtensionAsked, ExtensionDeclined, ExtensionGiven
from services.cases.quoting import QuotesReporter
from services.delivery.reader import Reader
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message, in_rows

SHORTEST_REASON, LONGEST_REASON = 2, 300  # characters


async def ask_reason(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask why a case takes longer."""
    case = await case_to_extend(context.work, who, press.subject)
    buttons = [
        button(context.words, f"team.extension_{reason}", Press("case", "extend", case.id, reason).pack())
        for reason in ExtensionReason
    ]
    text = await _why_longer(context.work, context.words, case)
    return Replaced(Message(text, in_rows([*buttons, back(context.words, "case", "card", case.id)], 1)))


async def extend_case(context: HandlerContext, who: Member, press: Press) -> Result:
    """Give a case more time."""
    if press.arg not in list(ExtensionReason):
        return NothingDone(context.words("team.press_unknown"))
    await extend(context.work, who, press.subject, ExtensionReason(press.arg))
    return Done(context.words("team.done_extend"))


async def _why_longer(work: UnitOfWork, words: Words, case: Case) -> Html:
    """Return until when a case is to be answered, and the question why that takes longer."""
    return words("team.why_longer", **await _term(work, words, case))


async def _term(work: UnitOfWork, words: Words, case: Case) -> dict[str, object]:
    """Return what a sentence says of a case that is to get more time: until when it has, and how many days it gets."""
    return {
        "number": number(case),
        "due": due(words, await facts_of(work, case)),
        "days": await days_to_extend_by(work, case),
    }


# ---- the owner asks for it


async def _may_ask(form: FormContext) -> Case:
    return await case_to_ask_for(form.context.work, form.who, form.subject_id)


async def _ask_for_reason(form: FormContext) -> Message:
    choices = [form.choice(form.words.plain(f"team.extension_{one}"), one.value) for one in ExtensionReason]
    text = await _why_longer(form.context.work, form.words, await _may_ask(form))
    return Message(text, (*in_rows(choices, 1), (form.cancel,)))


async def _ask_for_words(form: FormContext) -> Message:
    return Message(form.words("team.extension_words", most=LONGEST_REASON), ((form.cancel,),))


async def _show(form: FormContext) -> Message:
    case, reason = await _may_ask(form), form.words(f"team.extension_{form.answers['reason']}")
    text = form.words("team.look_at_extension", number=number(case), reason=reason, text=form.answers["words"])
    return Message(text)


async def _send(form: FormContext) -> FormOutcome:
    reason, own_words = ExtensionReason(form.answers["reason"]), form.answers["words"]
    try:
        await ask_extension(form.context.work, form.who, form.subject_id, reason, own_words)
    except NobodyMayDecide:
        raise FormRefused(form.words("team.nobody_gives_time")) from None
    return FormOutcome(form.words("team.done_ask_extension"), card=True)


ASK_EXTENSION = Form(
    "ask_extension",
    (
        Step("reason", _ask_for_reason, choose=one_of(ExtensionReason)),
        Step("words", _ask_for_words, reason_of(SHORTEST_REASON, LONGEST_REASON), is_reason=True),
    ),
    check=_may_ask,
    preview=_show,
    send_label="team.send_dismissal",
    send=_send,
    refusals={QuotesReporter: "transfer.quotes_reporter"},
    revise=lambda _form, _entered: "words",
    rewritten="team.answer_rewritten",
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(ASK_EXTENSION)


# ---- whoever decides


async def grant(context: HandlerContext, who: Member, press: Press) -> Result:
    """Give a case the time that its owner asks for."""
    await keep_where_pressed(context.work, who, press.subject, context.update.message_id, Shows.EXTENSION)
    await grant_extension(context.work, who, press.subject)
    return Done(context.words("team.done_extend"))


async def decline(context: HandlerContext, who: Member, press: Press) -> Result:
    """Leave the last day of a case as it is."""
    await keep_where_pressed(context.work, who, press.subject, context.update.message_id, Shows.EXTENSION)
    await decline_extension(context.work, who, press.subject)
    return Done(context.words("team.done_decline_extension"))


async def time_flag(work: UnitOfWork, words: Words, who: Member, case: Case) -> Html | None:
    """Return what a member's card says of time that is asked for; None where none is, or it is not theirs to know."""
    asked = case.asked_for_time
    if asked is None or not (who.sees(case) or may_decide_on_time(who, case)):
        return None
    decider = words(f"team.time_decider_{'alone' if asked.alone else asked.decider}")
    return words("team.flag_asks_for_time", decider=decider, **await _asked(work, words, case, asked))


async def _asked(work: UnitOfWork, words: Words, case: Case, asked: AskedForTime) -> dict[str, object]:
    """Return what a sentence says of time that is asked for: by whom, why, and in which words."""
    return {
        "name": (await work.directory()).names[asked.by],
        "reason": words(f"team.extension_{asked.reason}"),
        "text": words_of(work, case, asked, words.language),
    }


@renders_for_staff(ExtensionAsked)
async def extension_asked(work: UnitOfWork, reader: StaffReader, notice: ExtensionAsked) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    asked = case.asked_for_time if case else None
    if case is None or asked is None or not may_decide_on_time(reader.who, case):
        return None
    words = reader.words
    said = await _term(work, words, case) | await _asked(work, words, case, asked)
    text = words("team.extension_asked", **said)
    labels = {"grant_extension": "team.action_grant_extension", "decline_extension": "team.action_decline_extension"}
    labels |= {"open": "team.action_open"} if reader.who.reads(case) else {}
    buttons = [button(words, label, Press("case", name, case.id).pack()) for name, label in labels.items()]
    return Message(text, in_rows(buttons, 2), protect=True)


@renders(ExtensionGiven)
async def extension_given(work: UnitOfWork, reader: Reader, notice: ExtensionGiven) -> Message | None:
    return await about_case(work, reader, notice, "team.was_extended")


@renders(ExtensionDeclined)
async def extension_declined(work: UnitOfWork, reader: Reader, notice: ExtensionDeclined) -> Message | None:
    return await about_case(work, reader, notice, "team.was_not_extended")
