"""What the office and the leading group do with a publication: the table, and what each row does."""

from datetime import datetime

from handlers.actions import Action, Done, NothingDone, Replaced, Result, back, immediately
from handlers.context import HandlerContext
from handlers.forms import with_form
from handlers.press import Press
from handlers.publication.card import AREA, round_digest
from handlers.publication.forms import CHOOSE_ITEM, ENTER_GRADE, ENTER_VILLAGES
from handlers.publication.results import result_texts, results_of
from services.access.member import Member
from services.outbox import OutgoingMessage, Priority
from services.publication.choose_items import leave_out_item, take_confirmed_grades
from services.publication.notices import PublicationPhoto
from services.publication.public_page import looked_at_again
from services.publication.publications import (
    ApprovedAlready,
    ChangedSince,
    ItemNotDone,
    NotYetApprover,
    approve,
    ask_for_approval,
    begin,
    discard,
    prepared_of,
    publication_seen,
    publication_to_prepare,
    rounds_to_publish,
    send_back,
    shown_content,
    withdraw,
)
from services.rounds.change_round_state import GradesNotConfirmed
from texts.dates import day
from texts.message import Button, Message, in_rows


async def _look(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show all that is to be public, or is: the texts, then each photo."""
    work, words = context.work, context.words
    publication = await publication_seen(work, who, press.subject)
    try:
        content = await shown_content(work, publication)
    except ItemNotDone as refused:
        return NothingDone(words("publication.not_cleared", number=refused.item_id))
    again = await looked_at_again(work, publication)
    for text in result_texts(results_of(content, words, again), words):
        await context.say(Message(text))
    if not work.outbox.is_gathering:  # a page shows them in their place
        for item in content.items:
            for photo, is_before in [*((one, True) for one in item.before), *((one, False) for one in item.after)]:
                notice = PublicationPhoto(publication.id, photo, item.number, is_before)
                await work.outbox.to_staff(who.id, OutgoingMessage(notice), priority=Priority.ANSWER)
    return Done(renew=False)


async def _leave_out(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask which result is left out; leave it out once that is said."""
    words = context.words
    if press.arg:
        number = int(press.arg) if press.arg.isdecimal() else 0
        await leave_out_item(context.work, who, press.subject, number)
        return Done(words("publication.done_leave_out"))
    prepared = prepared_of(await publication_to_prepare(context.work, who, press.subject))
    if not prepared.items:
        return NothingDone(words("publication.nothing_to_leave_out"))
    buttons = [
        Button(str(item.number), Press(AREA, "leave_out", press.subject, str(item.number)).pack())
        for item in prepared.items
    ]
    rows = (*in_rows(buttons, 4), (back(words, AREA, "card", press.subject),))
    return Replaced(Message(words("publication.leave_out_prompt"), rows))


async def _take_grades(context: HandlerContext, who: Member, press: Press) -> Result:
    try:
        await take_confirmed_grades(context.work, who, press.subject)
    except GradesNotConfirmed:
        return NothingDone(context.words("publication.grades_not_confirmed"))
    return Done(context.words("publication.done_grade"))


async def _ask_for_approval(context: HandlerContext, who: Member, press: Press) -> Result:
    try:
        await ask_for_approval(context.work, who, press.subject)
    except ItemNotDone as refused:
        return NothingDone(context.words("publication.not_cleared", number=refused.item_id))
    return Done(context.words("publication.done_ask_for_approval"))


async def _approve(context: HandlerContext, who: Member, press: Press) -> Result:
    try:
        await approve(context.work, who, press.subject, press.arg)
    except ChangedSince:
        return NothingDone(context.words("publication.changed_since"))
    except NotYetApprover as refused:
        return NothingDone(context.words("publication.not_yet", day=_day_of(context, refused.since)))
    except ApprovedAlready:
        return NothingDone(context.words("publication.approved_already"))
    except ItemNotDone as refused:
        return NothingDone(context.words("publication.not_cleared", number=refused.item_id))
    return Done(context.words("publication.done_approve"))


def _day_of(context: HandlerContext, moment: datetime) -> str:
    return day(context.words, moment.astimezone(context.work.zone).date(), context.work.today)


async def begin_for_round(context: HandlerContext, who: Member, press: Press) -> Result:
    """Begin another version for a round, or go on with the one in hand."""
    rounds = await rounds_to_publish(context.work, who)
    round_id = next((one.id for one in rounds if round_digest(one.id) == press.subject), None)
    if round_id is None:
        return NothingDone(context.words("publication.too_late"))
    publication = await begin(context.work, who, round_id)
    return Done(card=(AREA, publication.id))


# In the order of a card's buttons.
ACTIONS = (
    Action("look", _look, label="publication.button_look"),
    Action("choose_item", with_form(CHOOSE_ITEM), label="publication.button_choose_item"),
    Action("leave_out", _leave_out, label="publication.button_leave_out"),
    Action("enter_villages", with_form(ENTER_VILLAGES), label="publication.button_villages"),
    Action("enter_grade", with_form(ENTER_GRADE), label="publication.button_grade"),
    Action("take_grades", _take_grades, label="publication.button_take_grades"),
    Action(
        "ask_for_approval",
        _ask_for_approval,
        label="publication.button_ask_for_approval",
        transition="ask_for_approval",
    ),
    Action("approve", _approve, label="publication.button_approve", transition="approve"),
    Action(
        "send_back",
        immediately(send_back, "publication.done_send_back"),
        label="publication.button_send_back",
        transition="send_back",
    ),
    Action(
        "withdraw",
        immediately(withdraw, "publication.done_withdraw"),
        label="publication.button_withdraw",
        transition="withdraw",
    ),
    Action(
        "discard",
        immediately(discard, "publication.done_discard"),
        label="publication.button_discard",
        transition="discard",
    ),
)
