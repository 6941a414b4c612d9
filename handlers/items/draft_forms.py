"""The forms by which an item is entered: where it is and what is wrong, and then each part of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from handlers import forms
from handlers.choice_pages import choice_page, start_of_page
from handlers.forms import Ask, Choose, Form, FormContext, FormInput, FormOutcome, FormRefused, Read, Rejected, Step
from handlers.forms import written as written_text
from handlers.items.days import choose_day, read_day
from handlers.items.draft_card import AREA
from handlers.items.keeping import LONGEST_REASON
from handlers.items.labels import one_line
from handlers.named_step import unit_step
from handlers.press import Press, short_digest
from models.origins import Campaign, HandDown
from models.rectification import CopyTo, ItemKind, ItemSource, RectificationItem
from models.rounds import Unit
from models.states import NotEntitled
from services.cases.quoting import QuotesReporter
from services.rectification.issue_item import (
    DueInPast,
    TextUnfit,
    UnitUnknown,
    aspects_for,
    county_leaders,
    head_of,
    lead_county_leader,
    place_of,
    units_to_order,
)
from services.rectification.item_drafts import begin_draft, case_to_list, change_draft, read_draft
from services.rectification.known_problems import known_problems, past_items
from services.rectification.order import LONGEST_NAME, LONGEST_TEXT, NewItem, Part
from services.rectification.recurrence import (
    AlreadyProposed,
    NobodyDecides,
    decides,
    may_have_come_back,
    propose_reopening,
)
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message

OTHER_TERM_DAYS = (30, 90)  # days that have a button
_DONE = "done"
_AGAIN = "again"
_OFFERED_SOURCES = (ItemSource.FEEDBACK, ItemSource.OFFICE)


@dataclass(frozen=True)
class Option:
    """Something that can be picked, and what it changes in a draft."""

    name: str
    label: str
    changes: dict[str, Any]


@dataclass(frozen=True)
class Turned:
    """Something of which several may be picked: whether it is, and the order with it turned the other way."""

    name: str
    label: str
    is_in: bool
    turned: NewItem


async def _order(form: FormContext) -> NewItem:
    return (await read_draft(form.context.work, form.who, form.subject_id)).order


def _text(form: FormContext, entered: FormInput, longest: int = LONGEST_TEXT) -> str:
    return written_text(form, entered, longest, "item.text_please")


# ---- a new item: its unit, its category, and the problem, picked from the library or written


async def _may_begin(form: FormContext) -> None:
    if not await units_to_order(form.context.work, form.who):
        raise FormRefused(form.words("office.not_entitled"))


async def _units_named(form: FormContext, named: str) -> list[Unit]:
    return await units_to_order(form.context.work, form.who, named)


async def _which_unit(form: FormContext) -> Html:
    return form.words("office.unit_prompt")


async def _categories(form: FormContext, start: int = 0) -> Message:
    known = await form.context.work.categories()
    choices = [(one.name_in(form.words.language), one.code) for one in known]
    return Message(form.words("item.category_prompt"), choice_page(form, choices, start))


async def ask_for_category(form: FormContext) -> Message:
    """Ask what it is about."""
    return await _categories(form)


async def choose_category(form: FormContext, value: str) -> str | Message:
    """Return the category that was picked, or another page of them."""
    if (start := start_of_page(value)) is not None:
        return await _categories(form, start)
    if all(one.code != value for one in await form.context.work.categories()):
        raise Rejected(form.words("item.press_unknown"))
    return value


@dataclass(frozen=True)
class About:
    """What a problem is asked of: a unit and a category, and the case it was found in, if it was."""

    unit_id: str
    category: str
    case_id: str | None = None


async def _problems(form: FormContext, about: About, start: int = 0) -> Message:
    """Ask for the problem: what others had of this kind can be picked, and what this unit had is told.

    What of that was cleared not long ago can be opened again instead.
    """
    work, words, unit_id, category = form.context.work, form.words, about.unit_id, about.category
    unit = (await work.directory()).units[unit_id]
    lines = [words("office.problem_prompt", unit=unit.name)]
    past = await past_items(work, form.who, unit_id, category)
    if past:
        lines.append(words("item.past_title", count=len(past)))
        lines += [
            words(
                "item.past_line",
                number=item.id,
                day=day(words, item.issued_on, work.today),
                problem=one_line(item.problem),
                state=words(f"item.state_{item.state}"),
            )
            for item in past
        ]
    known = await known_problems(work, category)
    if known:
        lines.append(words("item.known_title"))
    choices = [(one_line(one.problem), short_digest(one.code, 8)) for one in known]
    again = await _come_back(form, about) if start == 0 else []
    rows = tuple([(_again_button(form, item),) for item in again])
    return Message(Html("\n".join(lines)), (*rows, *choice_page(form, choices, start)))


async def _chosen_problem(form: FormContext, about: About, value: str) -> dict[str, Any] | Message:
    if (start := start_of_page(value)) is not None:
        return await _problems(form, about, start)
    for item in await _come_back(form, about):
        if value == f"{_AGAIN}-{item.id}":
            return {_AGAIN: item.id}
    for one in await known_problems(form.context.work, about.category):
        if short_digest(one.code, 8) == value:
            return {"problem": one.problem, "requirement": one.requirement, "known_problem": one.code}
    raise Rejected(form.words("item.press_unknown"))


# ---- an item that was cleared is to be opened again instead


async def _come_back(form: FormContext, about: About) -> list[RectificationItem]:
    return await may_have_come_back(form.context.work, form.who, about.unit_id, about.category, about.case_id)


def _again_button(form: FormContext, item: RectificationItem) -> Button:
    """Return the button that proposes it; whoever decides on it does it at once."""
    label = form.words.plain("item.button_again", number=item.id)
    if decides(form.who, item):
        return Button(label, Press("item", "open_again", item.id).pack())
    return form.choice(label, f"{_AGAIN}-{item.id}")


def _again(form: FormContext) -> str | None:
    """Return the item that is to be opened again instead, if one is."""
    chosen = (form.answers.get(name) for name in ("problem", "changes"))
    return next((answer[_AGAIN] for answer in chosen if answer and _AGAIN in answer), None)


async def _ask_why_again(form: FormContext) -> Message:
    return Message(form.words("item.again_prompt", number=_again(form)), ((form.cancel,),))


async def _read_why_again(form: FormContext, entered: FormInput) -> str:
    return _text(form, entered, LONGEST_REASON)


async def _propose(
    form: FormContext, item_id: str, case_id: str | None = None, *, of_draft: bool = False
) -> FormOutcome:
    """Propose it. `of_draft`: instead of a draft, which stays until somebody discards it."""
    try:
        await propose_reopening(form.context.work, form.who, item_id, form.answers["why"], case_id=case_id)
    except AlreadyProposed:
        raise FormRefused(form.words("item.again_proposed_today", number=item_id)) from None
    except NobodyDecides:
        raise FormRefused(form.words("item.again_nobody", number=item_id)) from None
    except QuotesReporter:
        raise FormRefused(form.words("transfer.quotes_reporter"), keeps_open=True) from None
    key = "item.done_propose_again_draft" if of_draft else "item.done_propose_again"
    return FormOutcome(form.words(key, number=item_id), card=of_draft)


_WHY_AGAIN = Step("why", _ask_why_again, _read_why_again, skip=lambda form: _again(form) is None)


# ---- the steps of a new item


async def _about_new(form: FormContext) -> About:
    return About(form.answers["unit"], form.answers["category"])


async def _ask_for_problem(form: FormContext) -> Message:
    return await _problems(form, await _about_new(form))


async def _read_problem(form: FormContext, entered: FormInput) -> dict[str, Any]:
    return {"problem": _text(form, entered), "known_problem": None}


async def _choose_problem(form: FormContext, value: str) -> dict[str, Any] | Message:
    return await _chosen_problem(form, await _about_new(form), value)


async def _begin(form: FormContext, order: NewItem, case_id: str | None = None) -> FormOutcome:
    try:
        draft = await begin_draft(form.context.work, form.who, order, case_id=case_id)
    except (NotEntitled, UnitUnknown, TextUnfit):
        raise FormRefused(form.words("office.cannot_issue")) from None
    return FormOutcome(card=True, subject=draft.id)


async def _begin_new(form: FormContext) -> FormOutcome:
    if (again := _again(form)) is not None:
        return await _propose(form, again)
    answers = form.answers
    return await _begin(form, NewItem(answers["unit"], category=answers["category"], **answers["problem"]))


NEW_ITEM = Form(
    "new_item",
    (
        unit_step(_units_named, _which_unit, "office.unit_not_found"),
        Step("category", ask_for_category, choose=choose_category),
        Step("problem", _ask_for_problem, _read_problem, _choose_problem),
        _WHY_AGAIN,
    ),
    check=_may_begin,
    send=_begin_new,
    too_late="office.cannot_issue",
    area=AREA,
)


# ---- an item of what a case has turned out to be: in the leader's own words


async def _about_case(form: FormContext) -> About:
    """Return the case with its unit and category. Raises FormRefused, Impossible or NotEntitled."""
    case = await case_to_list(form.context.work, form.who, form.subject_id)
    if case.unit_id is None:
        raise FormRefused(form.words("item.unit_unknown"))
    return About(case.unit_id, case.category or (await form.context.work.categories())[-1].code, case.id)


async def _ask_about_case(form: FormContext) -> Message:
    asked = await _problems(form, await _about_case(form))
    return replace(asked, text=Html(f"{asked.text}\n\n{form.words('item.of_case_hint')}"))


async def _choose_about_case(form: FormContext, value: str) -> dict[str, Any] | Message:
    return await _chosen_problem(form, await _about_case(form), value)


async def _begin_of_case(form: FormContext) -> FormOutcome:
    about = await _about_case(form)
    if (again := _again(form)) is not None:
        return await _propose(form, again, about.case_id)
    order = NewItem(about.unit_id, category=about.category, source=ItemSource.FEEDBACK, **form.answers["problem"])
    return await _begin(form, order, form.subject_id)


ITEM_OF_CASE = Form(
    "item_of_case",
    (Step("problem", _ask_about_case, _read_problem, _choose_about_case), _WHY_AGAIN),
    check=_about_case,
    send=_begin_of_case,
    too_late="team.press_too_late",
    area=AREA,
)


# ---- each part of a draft


async def _keep(form: FormContext) -> FormOutcome:
    if (again := _again(form)) is not None:
        return await _propose(form, again, (await _about_draft(form)).case_id, of_draft=True)
    order = await _order(form)
    changed = NewItem.of_json({**order.as_json(), **form.answers["changes"]})
    try:
        await change_draft(form.context.work, form.who, form.subject_id, changed)
    except DueInPast:
        raise FormRefused(form.words("item.due_past"), keeps_open=True) from None
    return FormOutcome(card=True)


def _form(part: Part, ask: Ask, read: Read | None = None, choose: Choose | None = None) -> Form:
    return Form(
        f"draft_{part}",
        (Step("changes", ask, read, choose), _WHY_AGAIN),
        check=_order,
        send=_keep,
        too_late="item.draft_gone",
        area=AREA,
        card_when_cancelled=True,
    )


def _text_form(part: Part, name: str, longest: int) -> Form:
    """Return the form of a part that is words, and nothing else."""

    async def ask(form: FormContext) -> Message:
        return Message(form.words(f"item.{part}_prompt", most=longest), ((form.cancel,),))

    async def read(form: FormContext, entered: FormInput) -> dict[str, Any]:
        return {name: _text(form, entered, longest)}

    return _form(part, ask, read)


def _list_form(
    part: Part,
    options: Callable[[FormContext], Awaitable[Sequence[Option]]],
    read: Read | None = None,
) -> Form:
    """Return the form of a part that is picked from a list, in pages of buttons."""

    async def page(form: FormContext, start: int) -> Message:
        choices = [(one.label, short_digest(one.name, 8)) for one in await options(form)]
        return Message(form.words(f"item.{part}_prompt", most=LONGEST_NAME), choice_page(form, choices, start))

    async def ask(form: FormContext) -> Message:
        return await page(form, 0)

    async def choose(form: FormContext, value: str) -> dict[str, Any] | Message:
        if (start := start_of_page(value)) is not None:
            return await page(form, start)
        for one in await options(form):
            if short_digest(one.name, 8) == value:
                return one.changes
        raise Rejected(form.words("item.press_unknown"))

    return _form(part, ask, read, choose)


def _turned_form(part: Part, options: Callable[[FormContext], Awaitable[Sequence[Turned]]]) -> Form:
    """Return the form of a part of which several may be picked: each press turns one, until it is done."""

    async def page(form: FormContext, start: int) -> Message:
        choices = [
            (f"{'✓ ' if one.is_in else ''}{one.label}", f"{start}-{short_digest(one.name, 8)}")
            for one in await options(form)
        ]
        done = (form.choice(form.words.plain("item.button_parts_done"), _DONE),)
        return Message(form.words(f"item.{part}_prompt"), (done, *choice_page(form, choices, start)))

    async def ask(form: FormContext) -> Message:
        return await page(form, 0)

    async def choose(form: FormContext, value: str) -> dict[str, Any] | Message:
        if value == _DONE:
            return {}
        if (start := start_of_page(value)) is not None:
            return await page(form, start)
        shown_from, _, digest = value.partition("-")
        for one in await options(form):
            if short_digest(one.name, 8) == digest:
                await change_draft(form.context.work, form.who, form.subject_id, one.turned)
                return await page(form, int(shown_from) if shown_from.isdecimal() else 0)
        raise Rejected(form.words("item.press_unknown"))

    return _form(part, ask, None, choose)


async def _categories_of_draft(form: FormContext) -> list[Option]:
    known = await form.context.work.categories()
    return [Option(one.code, one.name_in(form.words.language), {"category": one.code}) for one in known]


async def _villages(form: FormContext) -> list[Option]:
    unit_id, known = (await _order(form)).unit_id, await form.context.work.directory()
    own = sorted((one for one in known.villages.values() if one.unit_id == unit_id), key=lambda one: one.id)
    no_village = Option("", form.words.plain("item.village_none"), {"village_id": None})
    return [*(Option(one.id, one.name, {"village_id": one.id}) for one in own), no_village]


async def _aspects(form: FormContext) -> list[Option]:
    work, order = form.context.work, await _order(form)
    names = await aspects_for(work, order, (await place_of(work, order.unit_id)).round_id)
    return [Option(name, name, {"aspect": name}) for name in names]


async def _kinds(form: FormContext) -> list[Option]:
    return [Option(kind, form.words.plain(f"item.kind_{kind}"), {"kind": kind}) for kind in ItemKind]


async def _heads(form: FormContext) -> list[Option]:
    """Offer the unit's head first, and then the county leaders, who may take it on themselves."""
    work, order = form.context.work, await _order(form)
    head = await head_of(work, order.unit_id)
    found = [Option("head", head, {"head": head, "is_for_head": True, "owner_id": None})] if head else []
    for leader in await county_leaders(work):
        signs = None if leader.id == order.county_leader_id else order.county_leader_id
        label = form.words.plain("item.owner_option", name=leader.name)
        found.append(Option(leader.id, label, {"owner_id": leader.id, "county_leader_id": signs}))
    return found


async def _read_head(form: FormContext, entered: FormInput) -> dict[str, Any]:
    """Take somebody else's name; that of the unit's own head means the head."""
    name = _text(form, entered, LONGEST_NAME)
    head = await head_of(form.context.work, (await _order(form)).unit_id)
    return {"head": name, "is_for_head": name == head or not head, "owner_id": None}


async def _leaders(form: FormContext) -> list[Option]:
    work, order = form.context.work, await _order(form)
    usual = await lead_county_leader(work, order.unit_id, order.category)
    leaders = sorted(await county_leaders(work), key=lambda leader: (leader.id != usual, leader.id))
    return [Option(one.id, one.name, {"county_leader_id": one.id}) for one in leaders if one.id != order.owner_id]


async def _sources(form: FormContext) -> list[Option]:
    work, words = form.context.work, form.words
    nothing: dict[str, Any] = {"hand_down_id": None, "campaign_id": None}
    found = [Option(one, words.plain(f"item.option_{one}"), {"source": one, **nothing}) for one in _OFFERED_SOURCES]
    hand_downs = select(HandDown).where(HandDown.due_on >= work.today).order_by(HandDown.came_on.desc(), HandDown.id)
    for hand_down in await work.session.scalars(hand_downs):
        changes = {**nothing, "source": ItemSource.HAND_DOWN, "hand_down_id": hand_down.id, "aspect": ""}
        found.append(Option(hand_down.id, one_line(hand_down.name), changes))
    goes_on = (Campaign.ends_on >= work.today, Campaign.closed_on.is_(None))
    campaigns = select(Campaign).where(*goes_on).order_by(Campaign.begins_on.desc(), Campaign.id)
    for campaign in await work.session.scalars(campaigns):
        changes = {**nothing, "source": ItemSource.CAMPAIGN, "campaign_id": campaign.id, "category": campaign.category}
        found.append(Option(campaign.id, one_line(campaign.name), changes))
    return found


async def _others(form: FormContext) -> list[Turned]:
    order, shut_out = await _order(form), form.who.shut_out_of
    units = sorted((await form.context.work.directory()).units.values(), key=lambda unit: unit.name)
    return [
        Turned(unit.id, unit.name, unit.id in order.other_units, order.with_unit_turned(unit.id))
        for unit in units
        if unit.id != order.unit_id and unit.id not in shut_out
    ]


async def _copies(form: FormContext) -> list[Turned]:
    order, known = await _order(form), await form.context.work.directory()
    offered = [(CopyTo.LEADER, leader.id, leader.name) for leader in await county_leaders(form.context.work)]
    offered += [(CopyTo.DEPARTMENT, one.id, one.name) for one in known.departments.values()]
    offered += [(CopyTo.UNIT, one, known.units[one].name) for one in (order.unit_id, *order.other_units)]
    return [
        Turned(f"{copy_to}:{one}", name, (copy_to, one) in order.copies, order.with_copy_turned(copy_to, one))
        for copy_to, one, name in offered
    ]


async def _about_draft(form: FormContext) -> About:
    draft = await read_draft(form.context.work, form.who, form.subject_id)
    return About(draft.order.unit_id, draft.order.category or "", draft.row.case_id)


async def _ask_for_draft_problem(form: FormContext) -> Message:
    return await _problems(form, await _about_draft(form))


async def _choose_draft_problem(form: FormContext, value: str) -> dict[str, Any] | Message:
    chosen = await _chosen_problem(form, await _about_draft(form), value)
    if isinstance(chosen, dict) and (await _order(form)).requirement:
        chosen.pop("requirement", None)  # what was written stays
    return chosen


async def ask_for_due(form: FormContext) -> Message:
    """Ask by when; two usual terms have buttons."""
    today = form.context.work.today
    days = [today + timedelta(days=term) for term in OTHER_TERM_DAYS]
    row = tuple(form.choice(day(form.words, due, today), f"{due:%Y%m%d}") for due in days)
    return Message(form.words("item.due_prompt"), (row, (form.cancel,)))


async def _read_draft_due(form: FormContext, entered: FormInput) -> dict[str, Any]:
    return {"due_on": await read_day(form, entered)}


async def _choose_draft_due(form: FormContext, value: str) -> dict[str, Any]:
    return {"due_on": await choose_day(form, value)}


PART_FORMS = {
    Part.PROBLEM: _form(Part.PROBLEM, _ask_for_draft_problem, _read_problem, _choose_draft_problem),
    Part.REQUIREMENT: _text_form(Part.REQUIREMENT, "requirement", LONGEST_TEXT),
    Part.CATEGORY: _list_form(Part.CATEGORY, _categories_of_draft),
    Part.VILLAGE: _list_form(Part.VILLAGE, _villages),
    Part.ASPECT: _list_form(Part.ASPECT, _aspects),
    Part.KIND: _list_form(Part.KIND, _kinds),
    Part.OTHERS: _turned_form(Part.OTHERS, _others),
    Part.HEAD: _list_form(Part.HEAD, _heads, _read_head),
    Part.LEADER: _list_form(Part.LEADER, _leaders),
    Part.TASK_FORCE: _text_form(Part.TASK_FORCE, "task_force", LONGEST_NAME),
    Part.DUE: _form(Part.DUE, ask_for_due, _read_draft_due, _choose_draft_due),
    Part.COPIES: _turned_form(Part.COPIES, _copies),
    Part.SOURCE: _list_form(Part.SOURCE, _sources),
}

forms.register(NEW_ITEM, ITEM_OF_CASE, *PART_FORMS.values())
