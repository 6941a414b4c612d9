"""/find: cases by what narrows them and by words that were said in them, eight a page, the newest first.

What was found is kept for some hours, so that its pages are turned without looking through the texts again. The list is
protected from forwarding and recalled like any other.
"""

from collections.abc import Sequence
from html import escape

from handlers.actions import Action, Done, NothingDone, Result, Subject, button, register
from handlers.by_number import case_number_in
from handlers.cases.listed import ListedCase, as_of
from handlers.cases.lists import case_line, line_in_list, state_names
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.staff import Role, Staff
from models.states import NotEntitled
from privacy.receipt_search import meant_as_code
from services.access.member import Member
from services.cases.cards import bring_card
from services.cases.case_log import case_known_to
from services.cases.notices import FoundCases, SearchedOften
from services.cases.search import FoundPage, NoTexts, found_page, search, search_further
from services.cases.search_words import TooShort
from services.delivery.recall import ListName, list_key, recall_list
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message, Rows, in_rows

AREA = "find"
_BUTTONS_PER_ROW = 4


@command("find")
async def find(context: HandlerContext, who: Member) -> None:
    """Look for cases and bring what was found; without words, say what can be looked for."""
    typed = " ".join(context.args)
    if not who.is_shown_cases:
        await context.say(Message(context.words("team.no_desk")))
    elif not typed:
        await context.say(Message(context.words("team.search_how")))
    elif meant_as_code(typed) is not None:  # a resident's, and kept nowhere
        await context.say(Message(context.words("staff.no_answer")))
    elif (number := case_number_in(typed)) is not None:
        await _bring_by_number(context, who, number)
    else:
        try:
            await search(context.work, who, typed, state_names())
        except TooShort as short:
            await context.say(Message(context.words("team.search_too_short", word=short.word)))
            return
        except NoTexts:
            await context.say(Message(context.words("team.search_no_texts")))
            return
        await _bring_page(context.work, who, 1)


async def _bring_by_number(context: HandlerContext, who: Member, number: str) -> None:
    try:
        case = await case_known_to(context.work, who, number)
    except NotEntitled:
        await context.say(Message(context.words("staff.no_such_number")))
        return
    await bring_card(context.work, case, who)


async def _turn_page(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show another page of what was found in its place."""
    number = int(press.subject) if press.subject.isdecimal() and len(press.subject) < len("1000") else 1
    await _bring_page(context.work, who, number, edit=context.update.message_id)
    return Done(renew=False)


async def _go_on(context: HandlerContext, who: Member, _press: Press) -> Result:
    """Go on with the search further back, and show what was found in place of what was found before."""
    try:
        found = await search_further(context.work, who, state_names())
    except TooShort:  # a name that was narrowed by is none any more
        found = None
    if found is None:
        return NothingDone(context.words("team.search_over"))
    await _bring_page(context.work, who, 1, edit=context.update.message_id)
    return Done(renew=False)


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("team.not_with_you")


async def _bring_page(work: UnitOfWork, who: Member, number: int, *, edit: int | None = None) -> None:
    """Queue a page of what was found: as a new message, or in place of the one that `edit` names."""
    await recall_list(work, who.id, ListName.FOUND, but=edit)
    notice = FoundCases(tuple(who.visibility), number)
    outgoing = OutgoingMessage(notice, key=list_key(who.id, ListName.FOUND), edit=edit)
    await work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)


@renders_for_staff(FoundCases)
async def found_cases(work: UnitOfWork, reader: StaffReader, notice: FoundCases) -> Message | None:
    words = reader.words
    page = await found_page(work, reader.who, notice.page)
    if page is None:
        return Message(words("team.search_over"))
    lines = [
        line_in_list(words, place, await case_line(work, words, case)) for place, case in enumerate(page.cases, start=1)
    ]
    if page.pages > 1:
        lines.append(words("team.page_of", number=page.number, pages=page.pages))
    return Message(
        Html("\n\n".join([heading(words, page), *lines, *remarks(words, page), as_of(work, words)])),
        _buttons(words, page),
        True,
    )


def heading(words: Words, page: FoundPage) -> Html:
    """Return what was looked for, and how much was found."""
    typed = Html(escape(page.search.typed, quote=False))
    return words("team.search_heading" if page.count else "team.search_none", typed=typed, count=page.count)


def remarks(words: Words, page: FoundPage) -> Sequence[Html]:
    """Return how far back was looked, and that more can be looked through."""
    found = page.search
    looked = [words("team.search_looked", count=found.looked_at)] if found.in_texts else []
    return [*looked, *([words("team.search_more")] if found.after else [])]


def _buttons(words: Words, page: FoundPage) -> Rows:
    cases = [ListedCase.of(case).button(str(place), case) for place, case in enumerate(page.cases, start=1)]
    turn = []
    if page.number > 1:
        turn.append(button(words, "team.first_page", Press(AREA, "page", "1").pack()))
    if page.number < page.pages:
        turn.append(button(words, "team.next_page", Press(AREA, "page", str(page.number + 1)).pack()))
    if page.search.after:
        turn.append(button(words, "team.search_further", Press(AREA, "further").pack()))
    return (*in_rows(cases, _BUTTONS_PER_ROW), *([tuple(turn)] if turn else []))


@renders_for_staff(SearchedOften)
async def searched_often(work: UnitOfWork, reader: StaffReader, notice: SearchedOften) -> Message | None:
    if not reader.who.has(Role.OFFICE_DIRECTOR):
        raise NotEntitled
    by = await work.session.get_one(Staff, notice.by_id)
    said = reader.words("office.searched_often", name=by.name)
    seal = reader.words("office.audit_seal_of_notice", seal=notice.seal)
    return Message(Html(f"{said}\n{seal}"), protect=True)


SUBJECT = register(Subject(AREA, (Action("page", _turn_page), Action("further", _go_on)), _refused))
