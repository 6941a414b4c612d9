"""/queue and /mine: the lists a member works from, eight cases a page; words after them leave those that fit each word.

A list shows what lies on desks, so it is protected from forwarding and recalled from whoever may not see that any more.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from html import escape

from handlers.actions import Action, Done, NothingDone, Result, Subject, button, register
from handlers.cases.labels import category, due, number_and_level, place, received, state
from handlers.cases.late import late_by_team, renew_late
from handlers.cases.listed import ListedCase, as_of
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from models.states import CaseState, NotEntitled
from services.access.member import Member
from services.cases.cards import bring_card
from services.cases.case_log import case_known_to
from services.cases.facts import CaseFacts, facts_of
from services.cases.notices import CaseList
from services.cases.queue_words import CaseFilter, UnknownWord, read_words
from services.cases.queues import (
    Backlog,
    Counts,
    Cursor,
    Length,
    Page,
    counts_and_backlog,
    length_of_mine,
    length_of_queue,
    mine,
    queue,
)
from services.delivery.recall import ListName, list_key, recall_list
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import LANGUAGES, Html, Words
from texts.message import Button, Message, Rows, in_rows

List = Callable[..., Awaitable[Page]]

LISTS: dict[ListName, List] = {ListName.QUEUE: queue, ListName.MINE: mine}
LENGTHS: dict[ListName, Callable[..., Awaitable[Length]]] = {
    ListName.QUEUE: length_of_queue,
    ListName.MINE: length_of_mine,
}
NARROWED_BY = ("late", "unclaimed", "mine")  # by one press: `team.word_…` is the word that does it
_BUTTONS_PER_ROW = 4
_WORDS_FOLLOW = "-"  # after the name of a list, in a button


@command("queue")
async def show_queue(context: HandlerContext, who: Member) -> None:
    """Bring the open cases on somebody's desks, or those that some words name."""
    await _show(context, who, ListName.QUEUE)


@command("mine")
async def show_mine(context: HandlerContext, who: Member) -> None:
    """Bring the open cases somebody owns, or those that some words name."""
    await _show(context, who, ListName.MINE)


async def _show(context: HandlerContext, who: Member, name: ListName) -> None:
    try:
        await read_words(context.work, context.args, state_names())
    except UnknownWord as unknown:
        await context.say(Message(await _examples(context.work, context.words, unknown.word)))
        return
    await _bring_list(context.work, who, name, words=context.args)


@renders_for_staff(CaseList)
async def case_list(work: UnitOfWork, reader: StaffReader, notice: CaseList) -> Message | None:
    return await _page(work, reader.words, reader.who, notice)


async def _bring(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring the card of a case to the end of the chat, and renew the list where it says something else of the case."""
    entry = ListedCase.read(press.arg)
    try:
        case = await case_known_to(context.work, who, press.subject)
    except NotEntitled:
        await _renew(context, who, entry)  # it stood there, and is theirs no more
        raise
    await bring_card(context.work, case, who)
    if entry is None or entry.is_true_of(case):
        return Done(renew=False)
    is_renewed = await _renew(context, who, entry)
    return Done(context.words("team.list_renewed" if is_renewed else "team.list_changed"), renew=False)


async def _renew(context: HandlerContext, who: Member, entry: ListedCase | None) -> bool:
    """Renew the list in which a button stands; return whether it is known which list that is."""
    named, _, words = (entry.shown if entry else "").partition(_WORDS_FOLLOW)
    message_id = context.update.message_id
    if entry is None or message_id is None or named not in (*LISTS, ListName.LATE):
        return False
    if named == ListName.LATE:
        await renew_late(context, who)
    else:
        await _bring_list(
            context.work, who, ListName(named), words=tuple(words.split()), after=entry.after, edit=message_id
        )
    return True


async def _renew_late(context: HandlerContext, who: Member, _press: Press) -> Result:
    await renew_late(context, who)
    return Done(renew=False)


async def _turn_page(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show another page of a list in its place."""
    named, _, words = press.subject.partition(_WORDS_FOLLOW)
    if named not in LISTS or context.update.message_id is None:
        return NothingDone(context.words("team.press_unknown"))
    name, message_id = ListName(named), context.update.message_id
    await _bring_list(context.work, who, name, words=tuple(words.split()), after=press.arg, edit=message_id)
    return Done(renew=False)


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("team.not_with_you")


async def _bring_list(
    work: UnitOfWork,
    who: Member,
    name: ListName,
    *,
    words: tuple[str, ...] = (),
    after: str = "",
    edit: int | None = None,
) -> None:
    """Queue a page of a list for a member: as a new message, or in place of the one that `edit` names.

    Earlier messages with the same list are recalled, so that there is one of each.
    """
    await recall_list(work, who.id, name, but=edit)
    notice = CaseList(tuple(who.visibility), name, after, words)
    outgoing = OutgoingMessage(notice, key=list_key(who.id, name), edit=edit)
    await work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)


@dataclass(frozen=True)
class CaseLine:
    """What a list says of a case."""

    facts: CaseFacts
    number: Html
    state: Html
    place: Html
    category: Html
    received: Html
    due: Html | None  # by when somebody must do what
    owner: Html


@dataclass(frozen=True)
class ListedCases:
    """A page of a list: its heading, or that it is empty, its lines, and what a director is told below the first."""

    heading: Html
    lines: Sequence[CaseLine] = ()
    late: Sequence[Html] = ()
    after: Cursor | None = None  # leads to the next page
    page: Html | None = None  # which it is of how many; None: it is the only one


async def listed_cases(work: UnitOfWork, words: Words, who: Member, notice: CaseList) -> ListedCases:
    """Return a page of a list, before it is laid out."""
    if not who.is_shown_cases:
        return ListedCases(words("team.no_desk"))
    name, after = notice.name, Cursor.unpack(notice.after)
    try:
        narrowed = await read_words(work, notice.words, state_names()) if notice.words else None
    except UnknownWord as unknown:  # renamed since
        return ListedCases(await _examples(work, words, unknown.word))
    page = await LISTS[name](work, who, after, narrowed)
    is_first_queue = name == ListName.QUEUE and after is None and narrowed is None
    late = await late_by_team(work, words, who) if is_first_queue else []
    if not page.cases and after is None:
        return ListedCases(await _nothing(work, words, who, notice), late=late)
    heading = await _heading(work, words, who, notice)
    lines = [await case_line(work, words, case) for case in page.cases]
    which = None if page.number == 1 and page.after is None else await _page_of(work, words, who, page, name, narrowed)
    return ListedCases(heading, lines, late, page.after, which)


async def _page_of(
    work: UnitOfWork, words: Words, who: Member, page: Page, name: ListName, narrowed: CaseFilter | None
) -> Html:
    """Return which page it is, and of how many."""
    length = await LENGTHS[name](work, who, narrowed)
    if length.is_longer:
        return words("team.page_of_more", number=page.number, pages=max(length.pages, page.number))
    pages = page.number if page.after is None else max(length.pages, page.number + 1)  # cases come and go meanwhile
    return words("team.page_of", number=page.number, pages=pages)


async def _page(work: UnitOfWork, words: Words, who: Member, notice: CaseList) -> Message:
    listed = await listed_cases(work, words, who, notice)
    lines = [line_in_list(words, place_in_list, line) for place_in_list, line in enumerate(listed.lines, start=1)]
    buttons, fits = _buttons(words, notice, listed) if who.is_shown_cases else ((), True)
    more = [] if fits else [words("team.queue_more")]
    heading = Html(f"{listed.heading}\n{listed.page}") if listed.page else listed.heading
    text = Html("\n\n".join([heading, *lines, *listed.late, *more, as_of(work, words)]))
    return Message(text, buttons, who.is_shown_cases)


async def _nothing(work: UnitOfWork, words: Words, who: Member, notice: CaseList) -> Html:
    if notice.words:
        return words("team.queue_none_fits", words=" ".join(notice.words))
    if not who.desks:
        return words("grant.queue_empty")
    _, teams = await counts_and_backlog(work, who) if notice.name == ListName.QUEUE else (None, [])
    if teams:
        return Html(f"{words('team.queue_empty_director')}\n\n{_backlog(words, teams)}")
    return words(f"team.{notice.name}_empty")


async def _heading(work: UnitOfWork, words: Words, who: Member, notice: CaseList) -> Html:
    if notice.words:
        return words("team.queue_heading_words", words=" ".join(notice.words))
    if notice.name == ListName.MINE:
        return words("team.mine_heading")
    if not who.desks:
        return words("grant.queue_heading")
    own, teams = await counts_and_backlog(work, who)
    heading = _counted(words, "queue_heading", own)
    return Html(f"{heading}\n\n{_backlog(words, teams)}") if teams else heading


def _backlog(words: Words, teams: Sequence[Backlog]) -> Html:
    """Return what waits on the desks of the teams."""
    lines = [_counted(words, "backlog_line", one.counts, team=one.team.name) for one in teams]
    return Html("\n".join([words("team.backlog_heading"), *lines, words("team.backlog_hint", team=teams[0].team.name)]))


def _counted(words: Words, sentence: str, counted: Counts, **values: str) -> Html:
    """Return a sentence about open cases that names how many of them are urgent, if any are."""
    key = f"team.{sentence}_hazards" if counted.hazards else f"team.{sentence}"
    return words(
        f"crisis.{sentence}" if counted.crises else key,
        open=counted.open_cases,
        crises=counted.crises,
        hazards=counted.hazards - counted.crises,
        **values,
    )


async def _examples(work: UnitOfWork, words: Words, unknown: str) -> Html:
    """Return that a word is not known, with a village, a unit, a category and a state that are."""
    known = await work.directory()
    places = [next((one.name for one in names), "") for names in (known.villages.values(), known.units.values())]
    examples = [escape(name, quote=False) for name in places if name]
    examples += [category(words, one) for one in known.categories[:1]]
    examples.append(words("team.state_accepted"))
    return words("team.queue_unknown_word", word=unknown, examples=Html(words("staff.list_comma").join(examples)))


def state_names() -> dict[CaseState, tuple[str, ...]]:
    """Return what each state is called in any language."""
    return {state: tuple(Words(one).plain(f"team.state_{state}") for one in LANGUAGES) for state in CaseState}


async def case_line(work: UnitOfWork, words: Words, case: Case) -> CaseLine:
    """Return what a list says of a case."""
    facts = await facts_of(work, case)
    return CaseLine(
        facts,
        number=number_and_level(words, case),
        state=state(words, case),
        place=place(words, facts),
        category=category(words, facts.category),
        received=received(words, facts),
        due=due(words, facts),
        owner=words("team.owner", name=facts.owner) if facts.owner else words("team.owner_none"),
    )


def line_in_list(words: Words, place_in_list: int, line: CaseLine) -> Html:
    """Return a line of a list in a chat, counted from 1."""
    text = words(
        "team.list_line",
        n=place_in_list,
        number=line.number,
        state=line.state,
        place=line.place,
        category=line.category,
        received=line.received,
        owner=line.owner,
    )
    return Html(f"{text}\n{line.due}") if line.due else text


def _buttons(words: Words, notice: CaseList, listed: ListedCases) -> tuple[Rows, bool]:
    """Return the buttons of a page, and whether those that turn it are there: too many words fit no button."""
    shown = _WORDS_FOLLOW.join([notice.name, *([" ".join(notice.words)] if notice.words else [])])
    cases = [
        ListedCase.of(line.facts.case, shown, notice.after).button(str(place_in_list), line.facts.case)
        for place_in_list, line in enumerate(listed.lines, start=1)
    ]
    rows = in_rows(cases, _BUTTONS_PER_ROW)
    page_buttons = []
    try:
        renewing = button(words, "team.renew_list", Press("queue", "page", shown, notice.after).pack())
        if Cursor.unpack(notice.after) is not None:
            page_buttons.append(button(words, "team.first_page", Press("queue", "page", shown).pack()))
        if listed.after is not None:
            turn = Press("queue", "page", shown, listed.after.pack())
            page_buttons.append(button(words, "team.next_page", turn.pack()))
    except ValueError:
        return (*rows, *_narrowing(words, notice, listed)), False
    turning = (tuple(page_buttons),) if page_buttons else ()
    return (*rows, *turning, *_narrowing(words, notice, listed), (renewing,)), True


def _narrowing(words: Words, notice: CaseList, listed: ListedCases) -> Rows:
    """Return the buttons that narrow the queue by one press, and the one that leads back to all of it."""
    if notice.name != ListName.QUEUE:
        return ()
    if notice.words:
        return ((button(words, "team.whole_queue", Press("queue", "page", notice.name).pack()),),)
    if not listed.lines:
        return ()
    named = [words.plain(f"team.word_{word}") for word in NARROWED_BY]
    shown = [Press("queue", "page", _WORDS_FOLLOW.join([notice.name, word])) for word in named]
    return (tuple(Button(word, press.pack()) for word, press in zip(named, shown, strict=True)),)


SUBJECT = register(
    Subject("queue", (Action("case", _bring), Action("page", _turn_page), Action("late", _renew_late)), _refused)
)
