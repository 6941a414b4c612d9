"""Talks with the heads of units: /talks, their cards, and the forms that propose, arrange and record one."""

import re

from handlers import forms
from handlers.actions import (
    Action,
    action_button,
    immediately,
)
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.docket.steps import NO_DAY, day_of, day_step, person_step
from handlers.forms import (
    Form,
    FormContext,
    FormInput,
    FormOutcome,
    Rejected,
    Step,
    with_form,
)
from handlers.items.labels import number, one_line, open_button, unit_name
from handlers.notices import StaffReader, renders_for_staff
from handlers.registers import page_turner, register_page, register_records
from handlers.steps import option_step, text_step
from models.states import TALK, Actor, TalkState
from models.talks import TalkKind
from services.access.member import Member
from services.cases.dialogue import ContainsContact
from services.directory import Person
from services.docket.words import LONGEST_WORDS
from services.talks import talks
from services.talks.notices import TalkMoved, TalkNotice, TalkWaits
from services.talks.talks import LONGEST_MINUTES, LONGEST_PLACE, Arrangement, DayPast, Minutes, TalkSeen, talk_seen
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message, in_rows

AREA = "talk"
_HOUR = re.compile(r"([01]?\d|2[0-3])[:：.点時时]([0-5]\d)?分?")
_HOURS = ("09:00", "10:30", "15:00", "16:30")  # that have a button
_ABOVE = frozenset({Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR, Actor.LEADING_GROUP})


# ---- proposing one by hand


async def _propose(form: FormContext) -> FormOutcome:
    kind, reason = TalkKind(form.answers["kind"]), form.answers["reason"]
    await talks.propose(form.context.work, form.who, form.subject_id, kind, reason)
    return FormOutcome(form.words("talk.done_propose"))


PROPOSE = Form(
    "talk_propose",
    (
        option_step("kind", TalkKind, "talk.kind", "talk.kind_prompt"),
        text_step("reason", "talk.reason_prompt", LONGEST_WORDS),
    ),
    check=lambda form: talks.item_to_talk_about(form.context.work, form.who, form.subject_id),
    send=_propose,
    refusals={ContainsContact: "transfer.contains_contact"},
    too_late="talk.too_late_to_propose",
)


# ---- arranging it: who, when, where


async def _may_arrange(form: FormContext) -> TalkSeen:
    return await talks.may(form.context.work, form.who, form.subject_id, "arrange")


async def _leaders(form: FormContext) -> list[Person]:
    return await talks.leaders_of_talk(form.context.work, form.who, form.subject_id)


async def _ask_hour(form: FormContext) -> Message:
    row = tuple(form.choice(hour, hour.replace(":", "")) for hour in _HOURS)
    return Message(form.words("talk.hour_prompt"), (row, (form.cancel,)))


async def _read_hour(form: FormContext, entered: FormInput) -> str:
    found = _HOUR.fullmatch(entered.text.strip())
    if found is None:
        raise Rejected(form.words("talk.hour_please"))
    return f"{int(found[1]):02}:{found[2] or '00'}"


async def _choose_hour(form: FormContext, value: str) -> str:
    return await _read_hour(form, FormInput(f"{value[:2]}:{value[2:]}"))


async def _show_arrangement(form: FormContext) -> Message:
    known, answers = await form.context.work.directory(), form.answers
    on = day(form.words, day_of(answers["on"]), form.context.work.today)
    facts = {"name": known.names[answers["leader"]], "day": on, "hour": answers["hour"], "place": answers["place"]}
    return Message(form.words("talk.look_at_arrangement", **facts))


async def _arrange(form: FormContext) -> FormOutcome:
    answers = form.answers
    arrangement = Arrangement(answers["leader"], day_of(answers["on"]), answers["hour"], answers["place"])
    await talks.arrange(form.context.work, form.who, form.subject_id, arrangement)
    return FormOutcome(form.words("talk.done_arrange"), card=True)


ARRANGE = Form(
    "talk_arrange",
    (
        person_step("leader", _leaders, "talk.leader_prompt"),
        day_step("on", "talk.day_prompt"),
        Step("hour", _ask_hour, _read_hour, _choose_hour),
        text_step("place", "talk.place_prompt", LONGEST_PLACE),
    ),
    check=_may_arrange,
    preview=_show_arrangement,
    send_label="talk.send_arrangement",
    send=_arrange,
    revise=lambda _form, _entered: "place",
    refusals={DayPast: "item.due_past"},
    too_late="talk.too_late",
    area=AREA,
    card_when_cancelled=True,
)


# ---- what was said, and what was promised until when


def _promised_nothing(form: FormContext) -> bool:
    return form.answers.get("promised_on") == NO_DAY


async def _show_minutes(form: FormContext) -> Message:
    answers = form.answers
    if _promised_nothing(form):
        return Message(form.words("talk.look_at_minutes_alone", text=answers["minutes"]), protect=True)
    promised = day(form.words, day_of(answers["promised_on"]), form.context.work.today)
    text = form.words("talk.look_at_minutes", text=answers["minutes"], day=promised, promise=answers["promise"])
    return Message(text, protect=True)


async def _record(form: FormContext) -> FormOutcome:
    answers = form.answers
    promised = None if _promised_nothing(form) else day_of(answers["promised_on"])
    minutes = Minutes(answers["minutes"], answers.get("promise", "") if promised else "", promised)
    await talks.keep_minutes(form.context.work, form.who, form.subject_id, minutes)
    return FormOutcome(form.words("talk.done_record"), card=True)


RECORD = Form(
    "talk_record",
    (
        text_step("minutes", "talk.minutes_prompt", LONGEST_MINUTES),
        day_step("promised_on", "talk.promised_on_prompt", none="talk.button_no_promise"),
        text_step("promise", "talk.promise_prompt", LONGEST_WORDS, skip=_promised_nothing),
    ),
    check=lambda form: talks.may(form.context.work, form.who, form.subject_id, "record"),
    preview=_show_minutes,
    send_label="talk.send_minutes",
    send=_record,
    revise=lambda _form, _entered: "minutes",
    refusals={DayPast: "item.due_past", ContainsContact: "transfer.contains_contact"},
    too_late="talk.too_late",
    area=AREA,
    card_when_cancelled=True,
)
forms.register(PROPOSE, ARRANGE, RECORD)

ACTIONS = (
    Action(
        "approve", immediately(talks.approve, "talk.done_approve"), label="talk.action_approve", transition="approve"
    ),
    Action(
        "decline", immediately(talks.decline, "talk.done_decline"), label="talk.action_decline", transition="decline"
    ),
    Action("arrange", with_form(ARRANGE), label="talk.action_arrange", transition="arrange"),
    Action("record", with_form(RECORD), label="talk.action_record", transition="record"),
    Action("keep", immediately(talks.keep_promise, "talk.done_keep"), label="talk.action_keep", transition="keep"),
    Action(
        "call_off",
        immediately(talks.call_off, "talk.done_call_off"),
        label="talk.action_call_off",
        transition="call_off",
    ),
    # What follows a broken promise is at home where people are held accountable.
    Action("account", None, label="docket.action_account", begins="account.item"),
    Action("propose", with_form(PROPOSE)),
)


def offered(who: Member, seen: TalkSeen) -> list[Action]:
    """Return the actions that have a button on somebody's card of a talk; nobody approves what they have proposed."""
    possible = set(TALK.actions(seen.talk.state, seen.actors))
    possible -= {"approve", "decline"} if seen.talk.proposed_by_id == who.id else set()
    possible -= {"keep"} if seen.talk.promised_on is None else set()
    return [action for action in ACTIONS if action.label and action.transition in possible]


async def talk_card(work: UnitOfWork, words: Words, who: Member, talk_id: str, heading: str = "") -> Message:
    """Return a talk as somebody may see it now, with what they can do. Raises NotEntitled."""
    seen = await talk_seen(work, who, talk_id)
    talk, item, known = seen.talk, seen.item, await work.directory()
    lines = [words(heading)] if heading else []
    lines.append(await _line(work, words, seen))
    lines.append(words("item.line_problem", text=one_line(item.problem, 200)))
    if seen.actors & _ABOVE:  # why, is not for the unit to read
        by = known.names[talk.proposed_by_id] if talk.proposed_by_id else words.plain("talk.by_clock")
        lines.append(words("talk.proposed_by", name=by))
        lines += [words("talk.reason", text=talk.reason)] if talk.reason else []
        lines += [words("talk.decided_by", name=known.names[talk.decided_by_id])] if talk.decided_by_id else []
    if talk.meet_on is not None:
        on = day(words, talk.meet_on, work.today)
        leader = known.names[talk.led_by_id] if talk.led_by_id else ""
        lines.append(words("talk.arranged", name=leader, day=on, hour=talk.meet_at or "", place=talk.place or ""))
    lines += [words("talk.minutes", text=talk.minutes)] if talk.minutes else []
    if talk.promised_on is not None:
        lines.append(words("talk.promise", day=day(words, talk.promised_on, work.today), text=talk.promise))
    rows = in_rows([action_button(words, AREA, action, talk_id) for action in offered(who, seen)], 2)
    if talk.state is TalkState.BROKEN and seen.actors & (_ABOVE - {Actor.LEADING_GROUP}):
        account = next(action for action in ACTIONS if action.name == "account")
        rows += ((action_button(words, AREA, account, item.id),),)
    if who.actors_at_item(item):
        rows += ((open_button(words, item.id),),)
    return Message(Html("\n".join(lines)), rows, protect=True)


async def _line(work: UnitOfWork, words: Words, seen: TalkSeen) -> Html:
    """Return a talk on one line: which, about which item, how it stands, and its next day."""
    talk, item = seen.talk, seen.item
    next_day = talk.meet_on if talk.state is TalkState.ARRANGED else talk.promised_on or talk.state_since
    return words(
        "talk.line",
        kind=words(f"talk.kind_{talk.kind}"),
        number=number(item),
        unit=await unit_name(work, item),
        state=words(f"talk.state_{talk.state}"),
        day=day(words, next_day or talk.state_since, work.today),
    )


@command("talks")
async def show_talks(context: HandlerContext, who: Member) -> None:
    """List the talks that are not over, as far as somebody may know of them."""
    await context.say(await _page(context, who))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    page = await talks.talks(context.work, who, after)
    lines = []
    for talk in page.rows:
        seen = await talk_seen(context.work, who, talk.id)
        lines.append((await _line(context.work, context.words, seen), talk.id))
    if not lines:
        return Message(context.words("talk.none"))
    return register_page(context.words, AREA, context.words("talk.heading"), lines, page.more_after, protect=True)


SUBJECT = register_records(
    AREA, ACTIONS, talk_card, page_turner(_page), too_late="talk.too_late", not_yours="talk.not_yours"
)


@renders_for_staff(TalkMoved)
async def talk_moved(work: UnitOfWork, reader: StaffReader, notice: TalkMoved) -> Message | None:
    return await _told(work, reader, notice, f"talk.told_{notice.state}")


@renders_for_staff(TalkWaits)
async def talk_waits(work: UnitOfWork, reader: StaffReader, notice: TalkWaits) -> Message | None:
    """Remind of a talk: on its day, and for as long as somebody's step is awaited."""
    seen = await talk_seen(work, reader.who, notice.talk_id)
    if seen.talk.state is TalkState.ARRANGED and seen.talk.meet_on == work.today:
        return await _told(work, reader, notice, "talk.told_today")
    return await _told(work, reader, notice, f"talk.waits_{notice.state}")


async def _told(work: UnitOfWork, reader: StaffReader, notice: TalkNotice, heading: str) -> Message | None:
    """Return the card of a talk under a heading; nothing once it has gone on."""
    seen = await talk_seen(work, reader.who, notice.talk_id)
    if isinstance(notice, TalkMoved | TalkWaits) and seen.talk.state is not notice.state:
        return None
    return await talk_card(work, reader.words, reader.who, notice.talk_id, heading)
