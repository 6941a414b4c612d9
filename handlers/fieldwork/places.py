"""/village: the card of a village or unit, by its name, and what is done there; without a name a list of all."""

from collections.abc import Mapping

from handlers import forms
from handlers.actions import Action, Done, NothingDone, Replaced, Result, Subject, back, button, register
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.fieldwork.entering import ENTER_CASE
from handlers.fieldwork.evening_talks import ANNOUNCE_TALK, talk_list
from handlers.fieldwork.labels import group_name
from handlers.fieldwork.place_card import AREA, place_card, visits_menu
from handlers.fieldwork.talk_records import KEEP_TALK, record_list
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Step, begin, with_form, written
from handlers.items.labels import one_line
from handlers.press import Press
from models.rounds import PlaceKind
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.fieldwork.checklists import (
    LONGEST_FINDING,
    checklist_at,
    point_to_check,
    take_tick_back,
    tick,
    ticks_at,
)
from services.fieldwork.places import (
    FieldPlace,
    place_labels,
    place_to_enter_for,
    place_worked_at,
    places_to_look_at,
)
from services.fieldwork.village_card import LONGEST_PLAN, facts_of_place, keep_plan, village_to_plan
from services.fieldwork.visits import count_visit, gaps_of, visit_groups
from services.rounds.codes import PrintedPlace, codes_at, token_of
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message, Rows

PLACES_SHOWN = 40
FINDING_SHOWN = 60  # characters, so that a long checklist fits one message
_BETWEEN = "-"  # a place and a point of its checklist


@command("village")
async def show_village(context: HandlerContext, who: Member) -> None:
    """Show the card of the place of a name, or a list of places."""
    named, words = " ".join(context.args), context.words
    known = places_to_look_at(await context.work.directory(), who)
    labels = place_labels(await context.work.directory(), known)
    exact = [one for one in known if named in (one.name, labels[one.key])]
    found = exact or [one for one in known if named in one.name]
    card = await place_card(context, who, found[0].key) if len(found) == 1 else None
    if card is not None:
        await context.show_card(AREA, found[0].key, card)
    elif not known:
        await context.say(Message(words("field.no_places")))
    elif not found:
        await context.say(Message(words("field.place_not_found_named", name=named)))
    else:
        more = len(found) > PLACES_SHOWN
        text = words("field.which_place_more", count=PLACES_SHOWN) if more else words("field.which_place")
        await context.say(Message(text, _rows(found[:PLACES_SHOWN], labels)))


@command("visits")
async def show_gaps(context: HandlerContext, who: Member) -> None:
    """List the villages of somebody's teams in which households are still to be visited."""
    words, gaps = context.words, await gaps_of(context.work, who)
    if not gaps:
        await context.say(Message(words("field.no_gaps")))
        return
    lines, labels = (
        [words("field.gaps_heading", count=len(gaps))],
        place_labels(await context.work.directory(), [one.place for one in gaps]),
    )
    for one in gaps[:PLACES_SHOWN]:
        groups = words("staff.list_comma").join(group_name(words, group) for group in one.groups)
        lines.append(words("field.gaps_line", village=labels[one.place.key], groups=groups))
    await context.say(Message(Html("\n".join(lines)), _rows([one.place for one in gaps[:PLACES_SHOWN]], labels)))


def _rows(places: list[FieldPlace], labels: Mapping[str, str]) -> Rows:
    buttons = [Button(labels[one.key], Press(AREA, "open", one.key).pack()) for one in places]
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))


# ---- visits


async def _visits(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show how many households of each group were visited."""
    if place_worked_at(await context.work.directory(), who, press.subject).kind != PlaceKind.VILLAGE:
        raise NotEntitled
    return Replaced(await visits_menu(context, await facts_of_place(context.work, who, press.subject)))


async def _count(context: HandlerContext, who: Member, press: Press) -> Result:
    """Count a household that was visited, or take one back, and show how many there are then."""
    groups = visit_groups(await context.work.directory())
    if not press.arg.isdecimal() or int(press.arg) >= len(groups):
        return NothingDone(context.words("field.press_too_late"))
    taken_back = press.action == "visit_less"
    await count_visit(context.work, who, press.subject, groups[int(press.arg)], taken_back=taken_back)
    menu = await visits_menu(context, await facts_of_place(context.work, who, press.subject))
    return Replaced(menu, context.words("field.visit_taken_back" if taken_back else "field.visit_counted"))


# ---- the checklist


async def checklist_menu(context: HandlerContext, who: Member, key: str) -> Message:
    """Return the points of a place's checklist, each with its box, and what was found. Raises NotEntitled."""
    words, work, known = context.words, context.work, await context.work.directory()
    place = place_worked_at(known, who, key)
    checklist = checklist_at(known, place)
    if checklist is None:
        raise NotEntitled
    ticks = await ticks_at(work, place)
    lines = [words("field.checklist_heading", name=checklist.name, place=place.name)]
    rows = []
    for number, point in enumerate(checklist.points):
        found = ticks.get(number)
        lines.append(words("field.point_done" if found else "field.point_open", n=number + 1, point=point))
        if found is not None:
            lines.append(words("field.point_by", name=found.by, day=day(words, found.on, work.today)))
            if found.finding:  # the whole of it is shown by a press
                beginning = one_line(found.finding, FINDING_SHOWN)
                lines.append(Html(f"<i>{words('field.point_finding', text=beginning)}</i>"))
        box = words.plain("field.point_done" if found else "field.point_open", n=number + 1, point=point)
        rows.append((Button(box, Press(AREA, "untick" if found else "tick", key, str(number)).pack()),))
    back_row = (back(words, AREA, "card", key),)
    return Message(Html("\n".join(lines)), (*rows, back_row), protect=True)


async def _checklist(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show the checklist of a place."""
    return Replaced(await checklist_menu(context, who, press.subject))


async def _begin_tick(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask what was found at a point."""
    if not press.arg.isdecimal():
        return NothingDone(context.words("field.press_too_late"))
    return await begin(context, who, TICK_POINT, f"{press.subject}{_BETWEEN}{press.arg}")


async def _untick(context: HandlerContext, who: Member, press: Press) -> Result:
    """Take the tick of a point back; what was found there is shown first, and goes by another press alone."""
    if not press.arg.isdecimal():
        return NothingDone(context.words("field.press_too_late"))
    if press.action == "untick":
        place = place_worked_at(await context.work.directory(), who, press.subject)
        found = (await ticks_at(context.work, place)).get(int(press.arg))
        if found is not None and found.finding:
            return Replaced(_ask_to_untick(context, press, found.finding))
    await take_tick_back(context.work, who, press.subject, int(press.arg))
    return Replaced(await checklist_menu(context, who, press.subject), context.words("field.unticked"))


def _ask_to_untick(context: HandlerContext, press: Press, finding: str) -> Message:
    words, key = context.words, press.subject
    text = words("field.untick_sure", n=int(press.arg) + 1, finding=finding)
    yes = button(words, "field.untick_yes", Press(AREA, "untick_yes", key, press.arg).pack())
    return Message(text, ((yes,), (back(words, AREA, "checklist", key),)), protect=True)


def _point_of(form: FormContext) -> tuple[str, int]:
    key, _, number = form.subject_id.partition(_BETWEEN)
    return key, int(number)


async def _may_tick(form: FormContext) -> tuple[FieldPlace, str]:
    key, number = _point_of(form)
    return await point_to_check(form.context.work, form.who, key, number)


async def _ask_what_was_found(form: FormContext) -> Message:
    place, point = await _may_tick(form)
    fine = form.choice(form.words.plain("field.button_nothing_found"), "fine")
    text = form.words("field.finding_prompt", place=place.name, point=point)
    return Message(text, ((fine,), (form.cancel,)))


async def _read_what_was_found(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_FINDING, "item.text_please")


async def _choose_nothing_found(_form: FormContext, _value: str) -> str:
    return ""


async def _tick(form: FormContext) -> FormOutcome:
    key, number = _point_of(form)
    await tick(form.context.work, form.who, key, number, form.answers["finding"])
    await form.context.say(await checklist_menu(form.context, form.who, key))
    return FormOutcome()


TICK_POINT = Form(
    "tick_point",
    (Step("finding", _ask_what_was_found, _read_what_was_found, _choose_nothing_found),),
    check=_may_tick,
    send=_tick,
    too_late="field.press_too_late",
)


# ---- the plan


async def _village(form: FormContext) -> FieldPlace:
    return village_to_plan(await form.context.work.directory(), form.who, form.subject_id)


async def _ask_for_plan(form: FormContext) -> Message:
    text = form.words("field.plan_prompt", name=(await _village(form)).name, most=LONGEST_PLAN)
    return Message(text, ((form.cancel,),))


async def _read_plan(form: FormContext, entered: FormInput) -> str:
    return written(form, entered, LONGEST_PLAN, "item.text_please")


async def _keep_plan(form: FormContext) -> FormOutcome:
    await keep_plan(form.context.work, form.who, form.subject_id, form.answers["plan"])
    return FormOutcome(form.words("field.plan_kept"), card=True)


PLAN_VILLAGE = Form(
    "plan_village",
    (Step("plan", _ask_for_plan, _read_plan),),
    check=_village,
    send=_keep_plan,
    too_late="field.press_too_late",
    area=AREA,
    card_when_cancelled=True,
)
forms.register(TICK_POINT, PLAN_VILLAGE)


# ---- the card


async def _open(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show a card in a message of its own."""
    card = await place_card(context, who, press.subject)
    if card is None:
        raise NotEntitled
    await context.show_card(AREA, press.subject, card)
    return Done(renew=False)


async def _card(_context: HandlerContext, _who: Member, _press: Press) -> Result:
    """Go back from a menu to the card."""
    return Done()


async def _share(context: HandlerContext, who: Member, press: Press) -> Result:
    """Say the text with the link of the place's printed code, to be forwarded into the village's own groups."""
    known, words = await context.work.directory(), context.words
    place = place_to_enter_for(known, who, press.subject)
    codes = await codes_at(context.work, PrintedPlace(place.round_id, place.kind, place.id))
    if not codes:
        return NothingDone(words("field.no_code"))
    round_ = known.rounds[place.round_id]
    text = words(
        "field.share_text",
        place=place.name,
        link=context.links.of_code(token_of(context.work, codes[0])),
        last=day(words, round_.intake_until, context.work.today),
    )
    await context.say(Message(text))
    return Done(renew=False)


async def _talks(context: HandlerContext, who: Member, press: Press) -> Result:
    return Replaced(await talk_list(context, who, press.subject))


async def _records(context: HandlerContext, who: Member, press: Press) -> Result:
    return Replaced(await record_list(context, who, press.subject))


async def _refused(context: HandlerContext, _who: Member, _press: Press, refusal: Exception) -> None:
    context.alert("field.press_too_late" if isinstance(refusal, Impossible) else "field.not_yours")


SUBJECT = register(
    Subject(
        AREA,
        (
            Action("open", _open),
            Action("card", _card),
            Action("enter", with_form(ENTER_CASE), label="field.action_enter"),
            Action("checklist", _checklist, label="field.action_checklist"),
            Action("visits", _visits, label="field.action_visits"),
            Action("talks", _talks, label="field.action_talks"),
            Action("plan", with_form(PLAN_VILLAGE), label="field.action_plan"),
            Action("records", _records, label="field.action_records"),
            Action("share", _share, label="field.action_share"),
            Action("tick", _begin_tick),
            Action("untick", _untick),
            Action("untick_yes", _untick),
            Action("visit", _count),
            Action("visit_less", _count),
            Action("announce", with_form(ANNOUNCE_TALK)),
            Action("keep_talk", with_form(KEEP_TALK)),
        ),
        _refused,
        card=place_card,
        stranger_key="field.not_yours",
        unknown_key="field.press_too_late",
    )
)
