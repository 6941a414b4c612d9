"""The docket of the leading group: /docket, its cards, putting an item or a case there, and the decision."""

from handlers import forms
from handlers.actions import (
    Action,
    Done,
    Result,
    action_button,
    button,
    immediately,
)
from handlers.cases import labels as case_labels
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import FormContext, with_form
from handlers.items.labels import number, one_line, time_left, unit_name
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import page_turner, register_page, register_records
from handlers.steps import text_step, words_form
from models.docket import DocketEntry, DocketKind, Task
from models.rectification import WarningCard
from models.states import DocketState, NotEntitled
from services.access.member import Member
from services.cases.dialogue import ContainsContact
from services.cases.facts import facts_of
from services.docket.entries import (
    EntrySeen,
    decide,
    docket,
    entry_seen,
    may,
    possible,
    put_case,
    put_item,
    said_in,
    say_why,
    take_back,
)
from services.docket.notices import DocketAsked, DocketDecided, DocketNotice, DocketWaits
from services.docket.tasks import opinions_on
from services.docket.words import LONGEST_WORDS
from services.talks.cards import card_to_take_back, confirm_red_card, decline_red_card, take_back_card
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message, in_rows

AREA = "docket"
_OPINIONS_SHOWN = 8


# ---- one press puts it there


async def _put_item(context: HandlerContext, who: Member, press: Press) -> Result:
    """Put an item before the leading group by one press."""
    entry = await put_item(context.work, who, press.subject)
    return Done(_until(context, entry), card=("item", press.subject))


async def _put_case(context: HandlerContext, who: Member, press: Press) -> Result:
    """Put a case before the leading group by one press."""
    entry = await put_case(context.work, who, press.subject)
    return Done(_until(context, entry), card=("case", press.subject))


def _until(context: HandlerContext, entry: DocketEntry) -> Html:
    return context.words("docket.put", day=day(context.words, entry.decide_by, context.work.today))


# ---- what is asked, and what is decided


async def _show(form: FormContext) -> Message:
    return Message(form.words("docket.look_at", text=form.answers["text"]))


SAY_WHY = words_form(
    "docket_why",
    text_step("text", "docket.why_prompt", LONGEST_WORDS),
    area=AREA,
    may=lambda work, who, entry_id: may(work, who, entry_id, "say_why"),
    do=say_why,
    done="docket.done_say_why",
    refusals={ContainsContact: "transfer.contains_contact"},
    too_late="docket.too_late",
)
DECIDE = words_form(
    "docket_decision",
    text_step("text", "docket.decision_prompt", LONGEST_WORDS),
    area=AREA,
    may=lambda work, who, entry_id: may(work, who, entry_id, "decide"),
    do=decide,
    done="docket.done_decide",
    refusals={ContainsContact: "transfer.contains_contact"},
    too_late="docket.too_late",
    preview=_show,
    send_label="docket.send_decision",
)
forms.register(SAY_WHY, DECIDE)


# ---- red cards


async def _give_red_card(context: HandlerContext, who: Member, press: Press) -> Result:
    """Give the red card that was asked for, unless it is not called for any more."""
    seen = await confirm_red_card(context.work, who, press.subject)
    given = seen.entry.state is DocketState.DECIDED
    return Done(context.words("docket.done_give_red_card" if given else "docket.red_card_past"))


async def _take_back_red_card(context: HandlerContext, who: Member, press: Press) -> Result:
    """Take back a red card that the leading group gave within the last day."""
    seen = await entry_seen(context.work, who, press.subject)
    if seen.item is None:
        raise NotEntitled
    await take_back_card(context.work, who, seen.item.id, WarningCard.RED)
    return Done(context.words("office.card_taken_back"))


# ---- the card


ACTIONS = (
    Action("give_red_card", _give_red_card, label="docket.action_give_red_card", transition="give_red_card"),
    Action(
        "decline_red_card",
        immediately(decline_red_card, "docket.done_decline_red_card"),
        label="docket.action_decline_red_card",
        transition="decline_red_card",
    ),
    Action("decide", with_form(DECIDE), label="docket.action_decide", transition="decide"),
    # Who is to do something about it, and until when, is at home where tasks are.
    Action(
        "give_opinion", None, label="docket.action_give_opinion", begins="task.opinion", transition="give_opinion"
    ),
    Action("say_why", with_form(SAY_WHY), label="docket.action_say_why", transition="say_why"),
    Action(
        "take_back", immediately(take_back, "docket.done_take_back"), label="docket.action_take_back",
        transition="take_back",
    ),
    Action("take_back_red_card", _take_back_red_card),
    Action("put_item", _put_item),
    Action("put_case", _put_case),
)  # fmt: skip


async def entry_card(work: UnitOfWork, words: Words, who: Member, entry_id: str, heading: str = "") -> Message:
    """Return an entry as somebody may see it now, with what they can do. Raises NotEntitled."""
    seen = await entry_seen(work, who, entry_id)
    lines = [words(heading)] if heading else []
    lines += await _about(work, words, seen)
    question, decision = said_in(work, seen)
    if question:
        lines.append(words("docket.question", text=question))
    if decision:
        lines.append(words("docket.decision", text=decision))
    lines += [await _opinion_line(work, words, one) for one in (await opinions_on(work, entry_id))[:_OPINIONS_SHOWN]]
    rows = in_rows([action_button(words, AREA, action, entry_id) for action in offered(who, seen)], 2)
    if seen.entry.kind is DocketKind.RED_CARD and await _can_be_taken_back(work, who, seen):
        rows += ((button(words, "item.button_take_back_red", Press(AREA, "take_back_red_card", entry_id).pack()),),)
    return Message(Html("\n".join(lines)), rows, protect=True)


async def _can_be_taken_back(work: UnitOfWork, who: Member, seen: EntrySeen) -> bool:
    return seen.item is not None and await card_to_take_back(work, who, seen.item) is WarningCard.RED


def offered(who: Member, seen: EntrySeen) -> list[Action]:
    """Return the actions that have a button on somebody's card of an entry."""
    theirs = possible(who, seen)
    return [action for action in ACTIONS if action.label and action.transition in theirs]


async def _about(work: UnitOfWork, words: Words, seen: EntrySeen) -> list[Html]:
    """Return what an entry is about, who asked, by when it is to be decided, and how it stands."""
    entry, known = seen.entry, await work.directory()
    lines = [await entry_line(work, words, seen)]
    if seen.item is not None:
        lines.append(words("item.line_problem", text=one_line(seen.item.problem, 300)))
        due = day(words, seen.item.due_on, work.today)
        lines.append(words("item.line_due", day=due, left=time_left(words, seen.item, work.today)))
    if seen.case is not None:
        facts = await facts_of(work, seen.case)
        lines.append(Html(f"📍 {case_labels.place(words, facts)}"))
        lines.append(Html(f"🏷 {case_labels.category(words, facts.category)}"))
    asked = day(words, entry.asked_on, work.today)
    lines.append(words("docket.asked_by", name=known.names[entry.asked_by_id], day=asked))
    if entry.state is not DocketState.WAITING and entry.decided_on is not None:
        name = known.names[entry.decided_by_id] if entry.decided_by_id else words.plain("office.audit_by_clock")
        ended = day(words, entry.decided_on, work.today)
        lines.append(words("docket.ended", state=words(f"docket.state_{entry.state}"), name=name, day=ended))
    return lines


async def entry_line(work: UnitOfWork, words: Words, seen: EntrySeen) -> Html:
    """Return an entry on one line: what it is about, and by when it is to be decided."""
    by = day(words, seen.entry.decide_by, work.today)
    late = seen.entry.state is DocketState.WAITING and seen.entry.decide_by < work.today
    kind = words(f"docket.kind_{seen.entry.kind}")
    if seen.item is not None:
        about = Html(f"{number(seen.item)} {words('docket.unit', name=await unit_name(work, seen.item))}")
    elif seen.case is not None:
        about = Html(f"{case_labels.number(seen.case)} · {case_labels.state(words, seen.case)}")
    else:
        about = Html("")
    return words("docket.line_late" if late else "docket.line", kind=kind, about=about, day=by)


async def _opinion_line(work: UnitOfWork, words: Words, task: Task) -> Html:
    owner = (await work.directory()).names[task.owner_id]
    due = day(words, task.due_on, work.today)
    return words("docket.opinion_line", name=owner, day=due, state=words(f"docket.task_state_{task.state}"))


# ---- the list


@command("docket")
async def show_docket(context: HandlerContext, who: Member) -> None:
    """List what waits for the leading group, as far as somebody may see it."""
    await context.say(await _page(context, who))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    page = await docket(context.work, who, after)
    if not page.rows:
        return Message(context.words("docket.none"))
    lines = []
    for entry in page.rows:
        seen = await entry_seen(context.work, who, entry.id)
        lines.append((await entry_line(context.work, context.words, seen), entry.id))
    return register_page(context.words, AREA, context.words("docket.heading"), lines, page.more_after, protect=True)


SUBJECT = register_records(
    AREA, ACTIONS, entry_card, page_turner(_page), too_late="docket.too_late", not_yours="docket.not_yours"
)


@renders_for_staff(DocketAsked)
async def docket_asked(work: UnitOfWork, reader: StaffReader, notice: DocketAsked) -> Message | None:
    return await _told(work, reader, notice, "docket.told_asked", while_it_waits=True)


@renders_for_staff(DocketWaits)
async def docket_waits(work: UnitOfWork, reader: StaffReader, notice: DocketWaits) -> Message | None:
    return await _told(work, reader, notice, "docket.told_waits", while_it_waits=True)


@renders_for_staff(DocketDecided)
async def docket_decided(work: UnitOfWork, reader: StaffReader, notice: DocketDecided) -> Message | None:
    return await _told(work, reader, notice, "docket.told_decided")


async def _told(
    work: UnitOfWork, reader: StaffReader, notice: DocketNotice, heading: str, *, while_it_waits: bool = False
) -> Message | None:
    seen = await entry_seen(work, reader.who, notice.entry_id)
    if while_it_waits and seen.entry.state is not DocketState.WAITING:
        return None
    return await entry_card(work, reader.words, reader.who, notice.entry_id, heading)
