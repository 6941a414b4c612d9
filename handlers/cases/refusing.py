"""Refusing a case: the form in which its reason and the other door are given, and the leader's word on a proposal."""

from handlers import forms
from handlers.actions import Done, Result, button
from handlers.cases.labels import number
from handlers.cases.reporter_text import text_for_reporters
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Rejected, Step
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from models.staff import Staff
from models.states import Actor
from services.access.member import Member
from services.cases.decide import (
    Referral,
    Refusal,
    RefusalReason,
    confirm_refusal,
    decline_refusal,
    may_refuse,
    proposed_refusal,
    refusal_told,
    refuse,
)
from services.cases.notices import RefusalProposed
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message, WrittenFor, in_rows

LONGEST_REASON = 300  # characters
_CHOICES = tuple(reason for reason in RefusalReason if reason is not RefusalReason.OTHER)


async def _may_refuse(form: FormContext) -> Case:
    return await may_refuse(form.context.work, form.who, form.subject_id)


async def _ask_why(form: FormContext) -> Message:
    case = await _may_refuse(form)
    choices = [form.choice(form.words.plain(f"team.reason_{reason}"), reason.value) for reason in _CHOICES]
    text = form.words("team.why_not", number=number(case), most=LONGEST_REASON)
    return Message(text, (*in_rows(choices, 2), (form.cancel,)), written_for=WrittenFor.REPORTER)


async def _read_why(form: FormContext, entered: FormInput) -> dict[str, str]:
    words = await text_for_reporters(form, entered, LONGEST_REASON)
    return {"reason": RefusalReason.OTHER.value, "words": words}


async def _choose_why(form: FormContext, value: str) -> dict[str, str]:
    if value not in _CHOICES:
        raise Rejected(form.words("team.press_unknown"))
    return {"reason": value, "words": ""}


async def _ask_where_else(form: FormContext) -> Message:
    case = await _may_refuse(form)
    choices = [form.choice(form.words.plain(f"team.referral_{one}"), one.value) for one in Referral]
    text = form.words("team.where_else", number=number(case))
    return Message(text, (*in_rows(choices, 2), (form.cancel,)), written_for=WrittenFor.REPORTER)


async def _choose_where_else(form: FormContext, value: str) -> str:
    if value not in list(Referral):
        raise Rejected(form.words("team.press_unknown"))
    return value


def _refusal(form: FormContext) -> Refusal:
    why = form.answers["why"]
    return Refusal(RefusalReason(why["reason"]), Referral(form.answers["where_else"]), why["words"])


async def _show(form: FormContext) -> Message:
    case, refusal, words = await _may_refuse(form), _refusal(form), form.words
    told = words(
        f"resident.told_{refusal_told(case)}",
        reason=words(f"resident.reason_{refusal.reason}"),
        referral=words(f"resident.referral_{refusal.referral}"),
    )
    quoted = Html(f"{told}\n{refusal_reason(words, refusal)}") if refusal.words else told
    return Message(words("team.look_at_refusal", number=number(case), text=quoted), written_for=WrittenFor.REPORTER)


async def _send(form: FormContext) -> FormOutcome:
    final = await refuse(form.context.work, form.who, form.subject_id, _refusal(form))
    return FormOutcome(form.words("team.done_refuse" if final else "team.done_propose"), card=True)


REFUSE_CASE = Form(
    "refuse_case",
    (Step("why", _ask_why, _read_why, _choose_why), Step("where_else", _ask_where_else, choose=_choose_where_else)),
    check=_may_refuse,
    preview=_show,
    send_label="team.send_refusal",
    send=_send,
    revise=lambda _form, _given: "why",
    rewritten="team.answer_rewritten",
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(REFUSE_CASE)


def refusal_reason(words: Words, refusal: Refusal) -> Html:
    """Return why a case is refused: by its name, or in the words of whoever refuses it."""
    if refusal.words:
        return words("team.reason_in_words", text=refusal.words)
    return words(f"team.reason_{refusal.reason}")


async def confirm(context: HandlerContext, who: Member, press: Press) -> Result:
    """Confirm a member's proposal to refuse a case."""
    await confirm_refusal(context.work, who, press.subject)
    return Done(context.words("team.done_refuse"))


async def decline(context: HandlerContext, who: Member, press: Press) -> Result:
    """Decline a member's proposal to refuse a case."""
    await decline_refusal(context.work, who, press.subject)
    return Done(context.words("team.done_decline"))


@renders_for_staff(RefusalProposed)
async def refusal_proposed(work: UnitOfWork, reader: StaffReader, notice: RefusalProposed) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    proposed = proposed_refusal(work.keyring, case) if case else None
    if case is None or proposed is None or Actor.TEAM_LEADER not in reader.who.actors_at(case):
        return None
    refusal, by = proposed
    words = reader.words
    actions = ("confirm_refusal", "decline_refusal", "open")
    return Message(
        words(
            "team.proposal",
            name=(await work.session.get_one(Staff, by)).name,
            number=number(case),
            reason=refusal_reason(words, refusal),
            referral=words(f"team.referral_{refusal.referral}"),
        ),
        in_rows(
            [button(words, f"team.action_{action}", Press("case", action, case.id).pack()) for action in actions], 2
        ),
    )
