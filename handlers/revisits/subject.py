"""/revisits: what is looked at again, by whom, at which units; the card of a re-visit, and that of each visit."""

from handlers.actions import (
    Action,
    Subject,
    action_button,
    back_to_card,
    button,
    immediately,
    open_card,
    register,
    too_late_or_not_entitled,
)
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import with_form
from handlers.press import Press
from handlers.registers import page_turner, register_page
from handlers.revisits.draw_list import take_draw_list
from handlers.revisits.forms import BEGIN, JOIN, JUDGE, LEAVE, PLAN, record_visit
from handlers.revisits.labels import REVISITS, VISITS, item_line, revisit_name, visit_state
from models.revisits import Verdict
from models.states import REVISIT, VISIT, Actor, NotEntitled, RevisitState
from services.access.member import Member
from services.revisits.draw_list import may_take_draw_list
from services.revisits.revisits import (
    actors_at,
    end,
    has_to_do_with_revisits,
    revisit_seen,
    revisits_of,
    rounds_to_revisit,
)
from services.revisits.visits import call_off, visit_seen
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message, in_rows

_SHOWN_ITEMS = 40
_SHOWN_UNITS = 60

REVISIT_ACTIONS = (
    Action("begin", with_form(BEGIN)),
    Action("join", with_form(JOIN), label="revisit.action_join"),
    Action("leave", with_form(LEAVE), label="revisit.action_leave"),
    Action("end", immediately(end, "revisit.done_end"), label="revisit.action_end", transition="end"),
    Action("list", take_draw_list, label="revisit.action_list"),
    Action("open", open_card),
    Action("card", back_to_card),
)
VISIT_ACTIONS = (
    Action("judge", with_form(JUDGE), label="revisit.action_judge"),
    Action("plan", with_form(PLAN), label="revisit.action_plan", transition="plan"),
    Action(
        "call_off",
        immediately(call_off, "revisit.done_call_off"),
        label="revisit.action_call_off",
        transition="call_off",
    ),
    Action("record", record_visit, label="revisit.action_record", transition="record"),
    Action("open", open_card),
    Action("card", back_to_card),
)


# ---- the register


@command("revisits")
async def show_revisits(context: HandlerContext, who: Member) -> None:
    """List what is looked at again, as far as somebody may know of it."""
    page = await _page(context, who)
    await context.say(page or Message(context.words("revisit.not_yours")))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message | None:
    if not has_to_do_with_revisits(who):
        return None
    words, known = context.words, await context.work.directory()
    found, more_after = await revisits_of(context.work, who, after)
    lines = []
    for one in found:
        until = day(words, one.ends_on, context.work.today)
        line = words(f"revisit.line_{one.state}", name=revisit_name(words, known, one), day=until)
        lines.append((line, one.id))
    heading = words("revisit.list_title" if lines else "revisit.list_empty")
    others = [button(words, "revisit.button_begin", Press(REVISITS, "begin").pack())]
    return register_page(
        words, REVISITS, heading, lines, more_after, *(others if rounds_to_revisit(known, who) else [])
    )


# ---- a re-visit


async def revisit_card(context: HandlerContext, who: Member, revisit_id: str) -> Message | None:
    """Return a re-visit as somebody may see it now."""
    work, words, known = context.work, context.words, await context.work.directory()
    try:
        seen = await revisit_seen(work, who, revisit_id)
    except NotEntitled:
        return None
    revisit = seen.revisit
    lines = [
        words("revisit.title", name=revisit_name(words, known, revisit), number=revisit.id),
        words(f"revisit.state_{revisit.state}", day=day(words, revisit.ends_on, work.today)),
        words("revisit.line_size", units=len(seen.units), items=seen.items),
        words("revisit.line_found", **{str(verdict): seen.count(verdict) for verdict in Verdict}),
    ]
    if revisit.seed is not None:
        lines.append(
            words("revisit.line_seed", seed=revisit.seed, share=revisit.unit_share, of_items=revisit.item_share)
        )
    members = [
        words.plain("revisit.member", name=known.names[one.staff_id], body=words.plain(f"revisit.body_{one.body}"))
        for one in seen.members
    ]
    if members:
        lines.append(words("revisit.line_members", names=words.plain("staff.list_comma").join(members)))
    elif revisit.state is RevisitState.RUNNING:
        lines.append(words("revisit.nobody_yet"))
    if len({one.body for one in seen.members}) == 1:
        lines.append(words("revisit.one_body"))
    units = [
        Button(
            words.plain("revisit.button_unit", unit=known.units[one.visit.unit_id].name, items=len(one.items)),
            Press(VISITS, "open", one.visit.id).pack(),
        )
        for one in seen.units[:_SHOWN_UNITS]
    ]
    possible = REVISIT.actions(revisit.state, actors_at(who, revisit))
    possible += ["join", "leave"] if who.is_office and revisit.state is RevisitState.RUNNING else []
    possible += ["list"] if await may_take_draw_list(work, who, revisit) else []
    offered = [one for one in REVISIT_ACTIONS if one.label and (one.transition or one.name) in possible]
    buttons = [action_button(words, REVISITS, one, revisit.id) for one in offered]
    return Message(Html("\n".join(lines)), (*in_rows(units, 2), *in_rows(buttons, 3)), protect=True)


# ---- a visit


async def visit_card(context: HandlerContext, who: Member, visit_id: str) -> Message | None:
    """Return the visit to a unit as somebody may see it now, with what was found."""
    work, words, known = context.work, context.words, await context.work.directory()
    try:
        seen = await visit_seen(work, who, visit_id)
    except NotEntitled:
        return None
    visit = seen.visit
    lines = [
        words("revisit.visit_title", unit=known.units[visit.unit_id].name),
        revisit_name(words, known, seen.revisit),
        visit_state(words, visit, work.today),
        *(item_line(words, one) for one in seen.items[:_SHOWN_ITEMS]),
    ]
    if len(seen.items) > _SHOWN_ITEMS:
        lines.append(words("revisit.more_items", count=len(seen.items) - _SHOWN_ITEMS))
    if visit.is_unannounced and visit.state == "planned":
        lines.append(words("revisit.keep_quiet"))
    possible: list[str] = []
    if seen.revisit.state is RevisitState.RUNNING:
        possible = VISIT.actions(visit.state, seen.actors)
        possible += ["judge"] if Actor.REVISIT_GROUP in seen.actors else []
    offered = [one for one in VISIT_ACTIONS if one.label and (one.transition or one.name) in possible]
    items = [Button(one.item_id, Press("item", "open", one.item_id).pack()) for one in seen.items[:_SHOWN_ITEMS]]
    buttons = [action_button(words, VISITS, one, visit.id) for one in offered]
    back = button(words, "revisit.button_revisit", Press(REVISITS, "open", seen.revisit.id).pack())
    return Message(Html("\n".join(lines)), (*in_rows(items, 4), *in_rows(buttons, 2), (back,)), protect=True)


_REFUSED = too_late_or_not_entitled("revisit.too_late", "revisit.not_yours")
REVISIT_SUBJECT = register(Subject(REVISITS, (*REVISIT_ACTIONS, page_turner(_page)), _REFUSED, revisit_card))
VISIT_SUBJECT = register(Subject(VISITS, VISIT_ACTIONS, _REFUSED, visit_card))
