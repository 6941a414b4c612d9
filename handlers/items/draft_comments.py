"""/comments: the heads of units are heard on findings before these are issued: the form that asks them, what they
answer, and what its author settles.
"""

from datetime import date

from handlers import forms
from handlers.actions import Action, action_button, button, immediately
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormOutcome, FormRefused, with_form
from handlers.items.draft_card import AREA as DRAFT
from handlers.items.draft_card import COMMENT, comment_state
from handlers.items.labels import one_line
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import register_page, register_records
from handlers.steps import day_within_step, text_step, words_form
from models.draft_comments import DraftComment, Settlement
from models.item_drafts import ItemDraft
from models.staff import Role
from models.states import Actor, DraftCommentState
from services.access.member import Member
from services.cases.dialogue import ContainsContact
from services.cases.quoting import QuotesReporter
from services.rectification.draft_comments import (
    LONGEST_COMMENT,
    actors_at,
    agree,
    asked_of,
    comment_on,
    comment_seen,
    may,
    possible_at,
)
from services.rectification.hear_heads import (
    LONGEST_REASON,
    LONGEST_TERM_DAYS,
    NobodyToHear,
    NotChanged,
    ask_heads,
    draft_to_hear_on,
    settle,
    waiting_for,
)
from services.rectification.item_drafts import Draft
from services.rectification.notices import (
    DraftCommentAsked,
    DraftCommentDue,
    DraftCommented,
    DraftCommentLate,
    DraftCommentNotice,
    DraftCommentSettled,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message

# ---- the heads are asked


async def _may_ask(form: FormContext) -> Draft:
    try:
        return await draft_to_hear_on(form.context.work, form.who, form.subject_id)
    except NobodyToHear:
        raise FormRefused(form.words("comment.nobody")) from None


async def _until_when(form: FormContext) -> Html:
    await _may_ask(form)
    return form.words("comment.day_prompt")


async def _show(form: FormContext) -> Message:
    order = (await _may_ask(form)).order
    until = day(form.words, date.fromisoformat(form.answers["day"]), form.context.work.today)
    finding = _finding(form.words, order.problem, order.requirement)
    return Message(form.words("comment.preview", day=until, finding=finding))


async def _ask(form: FormContext) -> FormOutcome:
    until = date.fromisoformat(form.answers["day"])
    comments = await ask_heads(form.context.work, form.who, form.subject_id, until)
    return FormOutcome(form.words("comment.asked", heads=len(comments)), card=True)


ASK_HEADS = Form(
    "ask_heads",
    (day_within_step("day", _until_when, LONGEST_TERM_DAYS, "comment.day_please"),),
    check=_may_ask,
    preview=_show,
    send_label="comment.send",
    send=_ask,
    refusals={ContainsContact: "transfer.contains_contact", QuotesReporter: "transfer.quotes_reporter"},
    too_late="comment.too_late",
    area=DRAFT,
    card_when_cancelled=True,
)


# ---- a head comments, the author settles


COMMENT_ON = words_form(
    "comment_on_draft",
    text_step("text", "comment.text_prompt", LONGEST_COMMENT),
    area=COMMENT,
    may=lambda work, who, comment_id: may(work, who, comment_id, "comment"),
    do=comment_on,
    done="comment.done",
    too_late="comment.too_late",
)


def _settling(settlement: Settlement) -> Form:
    async def settle_it(work: UnitOfWork, who: Member, comment_id: str, reason: str) -> DraftComment:
        return await settle(work, who, comment_id, settlement, reason)

    return words_form(
        f"settle_{settlement}",
        text_step("reason", f"comment.{settlement}_prompt", LONGEST_REASON),
        area=COMMENT,
        may=lambda work, who, comment_id: may(work, who, comment_id, "settle"),
        do=settle_it,
        done="comment.settled",
        refusals={
            NotChanged: "comment.not_changed",
            ContainsContact: "transfer.contains_contact",
            QuotesReporter: "transfer.quotes_reporter",
        },
        too_late="comment.too_late",
    )


SETTLING = {settlement: _settling(settlement) for settlement in Settlement}
forms.register(ASK_HEADS, COMMENT_ON, *SETTLING.values())


# ---- the list and the card


@command("comments")
async def show_comments(context: HandlerContext, who: Member) -> None:
    """List what somebody is asked as a head, and what heads say of the drafts that are theirs."""
    await context.say(await _list(context, who) or Message(context.words("comment.not_yours")))


async def _list(context: HandlerContext, who: Member) -> Message | None:
    if not has_to_do_with_comments(who):
        return None
    words, known, today = context.words, await context.work.directory(), context.work.today
    found = [*await asked_of(context.work, who), *await waiting_for(context.work, who)]
    lines = [
        (
            words(
                "comment.line",
                unit=known.units[one.unit_id].name,
                problem=one_line(one.problem),
                state=comment_state(words, one),
                day=day(words, one.due_on, today),
            ),
            one.id,
        )
        for one in found
    ]
    heading = words("comment.list" if lines else "comment.list_empty")
    return register_page(words, COMMENT, heading, lines, None)


def has_to_do_with_comments(who: Member) -> bool:
    """Whether there are comments at all that somebody may know of."""
    return who.is_office or who.has(Role.UNIT_HEAD, Role.TEAM_LEADER)


ACTIONS = (
    Action("agree", immediately(agree, "comment.done_agree"), label="comment.action_agree", transition="agree"),
    Action("comment", with_form(COMMENT_ON), label="comment.action_comment", transition="comment"),
    *(
        Action(settlement, with_form(form), label=f"comment.action_{settlement}", transition="settle")
        for settlement, form in SETTLING.items()
    ),
)


async def comment_card(work: UnitOfWork, words: Words, who: Member, comment_id: str) -> Message:
    """Return what a head is asked and has answered, with what can be done now. Raises NotEntitled."""
    comment = await comment_seen(work, who, comment_id)
    known, possible = await work.directory(), await possible_at(work, who, comment)
    lines = [
        words("comment.title", unit=known.units[comment.unit_id].name),
        _finding(words, comment.problem, comment.requirement),
        words("comment.until", day=day(words, comment.due_on, work.today)),
        words("comment.says", name=known.names[comment.staff_id], state=comment_state(words, comment)),
    ]
    if comment.reply:
        lines.append(words("team.quote", text=comment.reply))
    if comment.settlement is not None:
        lines.append(words(f"comment.is_{comment.settlement}", name=known.names[comment.settled_by or ""]))
        lines.append(words("team.quote", text=comment.reason))
    rows = tuple((action_button(words, COMMENT, one, comment.id),) for one in ACTIONS if one.transition in possible)
    is_author = Actor.UNIT_HEAD not in await actors_at(work, who, comment)
    if is_author and await work.session.get(ItemDraft, comment.draft_id) is not None:
        rows = (*rows, (button(words, "comment.button_draft", Press(DRAFT, "open", comment.draft_id).pack()),))
    return Message(Html("\n".join(lines)), rows, protect=True)


def _finding(words: Words, problem: str, requirement: str) -> Html:
    shown = [words("item.line_problem", text=problem)]
    shown += [words("item.line_requirement", text=requirement)] if requirement else []
    return Html("\n".join(shown))


SUBJECT = register_records(COMMENT, ACTIONS, comment_card, too_late="comment.too_late", not_yours="comment.not_yours")


# ---- notices


@renders_for_staff(DraftCommentAsked)
async def draft_comment_asked(work: UnitOfWork, reader: StaffReader, notice: DraftCommentAsked) -> Message | None:
    """Ask a head."""
    return await _told_while_asked(work, reader, notice, "comment.told_asked")


@renders_for_staff(DraftCommentDue)
async def draft_comment_due(work: UnitOfWork, reader: StaffReader, notice: DraftCommentDue) -> Message | None:
    """Remind a head; the card says until when."""
    return await _told_while_asked(work, reader, notice, "comment.told_due")


@renders_for_staff(DraftCommented)
async def draft_commented(work: UnitOfWork, reader: StaffReader, notice: DraftCommented) -> Message | None:
    return await _told(work, reader, notice, "comment.told_answered")


@renders_for_staff(DraftCommentLate)
async def draft_comment_late(work: UnitOfWork, reader: StaffReader, notice: DraftCommentLate) -> Message | None:
    """Tell the author, or the office, that the day has passed."""
    return await _told_while_asked(work, reader, notice, "comment.told_late")


@renders_for_staff(DraftCommentSettled)
async def draft_comment_settled(work: UnitOfWork, reader: StaffReader, notice: DraftCommentSettled) -> Message | None:
    return await _told(work, reader, notice, "comment.told_settled")


async def _told_while_asked(
    work: UnitOfWork, reader: StaffReader, notice: DraftCommentNotice, key: str
) -> Message | None:
    """Tell of it, or nothing once the head has answered or it is over."""
    comment = await comment_seen(work, reader.who, notice.comment_id)
    return await _told(work, reader, notice, key) if comment.state is DraftCommentState.ASKED else None


async def _told(work: UnitOfWork, reader: StaffReader, notice: DraftCommentNotice, key: str) -> Message:
    shown = await comment_card(work, reader.words, reader.who, notice.comment_id)
    return shown.below(reader.words(key))
