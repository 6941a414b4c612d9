"""Cases that seem to tell of the same matter: which they are and why, both beside each other, joining, taking apart."""

from handlers import forms
from handlers.actions import Done, Result, back, button
from handlers.by_number import case_number_in
from handlers.cases.labels import category, number, place, received, state
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Rejected, Step
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Author, Case
from models.dismissal import UNDO_DAYS
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.cases.actions import head_of
from services.cases.case_log import case_known_to
from services.cases.facts import facts_of
from services.cases.merge import head_of_merged, merge, take_apart
from services.cases.notices import ComparedCase, SimilarCases
from services.cases.read_case import dialogue_of, split
from services.intake.likeness import Likeness
from services.intake.similar import (
    bring_both,
    bring_similar,
    case_to_compare,
    require_comparable,
    similar_to,
    with_reasons,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button, Message

MOST_SHOWN = 5  # similar cases in one message


async def list_similar(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring which cases are like one to the member's own chat."""
    await bring_similar(context.work, who, press.subject)
    return Done(renew=False)


async def compare(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring what was said in two cases, and ask for the press that joins them, if they may be joined."""
    await _bring_compared(context, who, press.subject, press.arg)
    return Done(renew=False)


async def _bring_compared(context: HandlerContext, who: Member, case_id: str, other_id: str) -> None:
    case, other = await bring_both(context.work, who, case_id, other_id)
    head, words = head_of(who, case, other), context.words
    if head is None:
        await context.say(Message(words("team.only_compared", number=number(case), other=number(other))))
        return
    joined = other if head is case else case
    text = words("team.look_at_merge", number=number(joined), head=number(head), days=UNDO_DAYS)
    yes = Button(words.plain("team.action_merge", head=head.id), Press("case", "merge", joined.id, head.id).pack())
    await context.say(Message(text, ((yes,), (back(words, "case", "card", case.id),))))


# ---- another case of somebody's choice, by its number


async def _may_compare(form: FormContext) -> Case:
    return await case_to_compare(form.context.work, form.who, form.subject_id)


async def _ask_for_number(form: FormContext) -> Message:
    case = await _may_compare(form)
    return Message(form.words("team.compare_with_which", number=number(case)), ((form.cancel,),))


async def _read_number(form: FormContext, entered: FormInput) -> str:
    written = case_number_in(entered.text)
    if written is None:
        raise Rejected(form.words("team.case_number_please"))
    try:
        await require_comparable(form.context.work, form.who, await _may_compare(form), written)
    except NotEntitled:
        raise Rejected(form.words("staff.no_such_number")) from None
    except Impossible:
        raise Rejected(form.words("team.not_to_compare")) from None
    return written


async def _compare_with(form: FormContext) -> FormOutcome:
    await _bring_compared(form.context, form.who, form.subject_id, form.answers["other"])
    return FormOutcome()


COMPARE_WITH = Form(
    "compare_with",
    (Step("other", _ask_for_number, _read_number),),
    check=_may_compare,
    send=_compare_with,
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(COMPARE_WITH)


async def do_merge(context: HandlerContext, who: Member, press: Press) -> Result:
    """Join a case with another, and show the card of the one that answers for both."""
    head = await merge(context.work, who, press.subject, press.arg)
    return Done(context.words("team.done_merge", head=head.id), card=("case", head.id))


async def do_take_apart(context: HandlerContext, who: Member, press: Press) -> Result:
    """Take a case out of the one that it was joined with."""
    await take_apart(context.work, who, press.subject)
    return Done(context.words("team.done_take_apart"))


async def joined_with(work: UnitOfWork, words: Words, who: Member, case: Case) -> tuple[Html, Button] | None:
    """Return with which case one was joined and the button that opens it; None where there is none for them."""
    head = await head_of_merged(work, case)
    if head is None or not who.knows_of(head):
        return None
    open_it = Button(words.plain("team.action_open_head", head=head.id), Press("queue", "case", head.id).pack())
    return words("team.merged_into", head=number(head)), open_it


@renders_for_staff(SimilarCases)
async def similar_cases(work: UnitOfWork, reader: StaffReader, notice: SimilarCases) -> Message | None:
    who, words = reader.who, reader.words
    case = await case_known_to(work, who, notice.case_id)
    others = await similar_to(work, who, case) if who.reads(case) else []
    found = await with_reasons(work, who, case, others[:MOST_SHOWN])
    if not found:
        return Message(words("team.similar_none", number=number(case)))
    lines, buttons = [], []
    for at, similar in enumerate(found, start=1):
        facts = await facts_of(work, similar.case)
        line = words(
            "team.list_line",
            n=at,
            number=number(similar.case),
            state=state(words, similar.case),
            place=place(words, facts),
            category=category(words, facts.category),
            received=received(words, facts),
            owner=words("team.owner", name=facts.owner) if facts.owner else words("team.owner_none"),
        )
        lines.append(Html(f"{line}\n{_why(words, similar.why)}"))
        label = words.plain("team.action_compare", number=similar.case.id)
        buttons.append((Button(label, Press("case", "compare", case.id, similar.case.id).pack()),))
    heading = words("team.similar_heading", number=number(case))
    return Message(Html("\n\n".join([heading, *lines])), tuple(buttons), protect=True)


@renders_for_staff(ComparedCase)
async def compared_case(work: UnitOfWork, reader: StaffReader, notice: ComparedCase) -> Message | None:
    words, who = reader.words, reader.who
    case = await case_known_to(work, who, notice.case_id)
    if not who.reads(case):
        return None
    said = [one.text for one in await dialogue_of(work, case, words.language) if one.author == Author.REPORTER]
    text = split("\n".join(filter(None, said)))
    if not text[0]:
        return None
    heading = Html(f"📄 {number(case)} · {place(words, await facts_of(work, case))}")
    more = [words("team.compared_more")] if len(text) > 1 else []
    if notice.is_last:
        other = await case_known_to(work, who, notice.other_id)
        found = await with_reasons(work, who, case, [other]) if who.reads(other) else []
        more += [_why(words, similar.why) for similar in found] or [words("team.not_alike")]
    return Message(
        Html("\n\n".join([heading, words("team.quote", text=text[0]), *more])),
        ((button(words, "team.action_open", Press("case", "open", case.id).pack()),),),
        protect=True,
    )


def _why(words: Words, why: Likeness) -> Html:
    """Return in one line why two cases seem to be about the same matter."""
    reasons = [words("team.why_same_village" if why.same_village else "team.why_near"), words("team.why_category")]
    if why.words:
        told = words("staff.list_comma").join(words("team.quoted_word", word=word) for word in why.words)
        reasons.append(words("team.why_words", words=Html(told)))
    if why.both_urgent:
        reasons.append(words("team.why_urgent"))
    return words("team.why_similar", reasons=Html(words("team.reasons_comma").join(reasons)))
