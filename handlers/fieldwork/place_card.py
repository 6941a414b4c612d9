"""The card of a village or unit, shown before entering it: class, past items, topics, plan, and what was done there."""

from html import escape

from handlers.actions import button
from handlers.context import HandlerContext
from handlers.fieldwork.labels import group_name, quoted
from handlers.items.labels import one_line
from handlers.press import Press
from models.rounds import PlaceKind
from models.states import NotEntitled
from services.access.member import Member
from services.fieldwork import evening_talks, talk_records
from services.fieldwork.checklists import checklist_at, progress_at
from services.fieldwork.places import places_to_enter_for
from services.fieldwork.village_card import ITEMS_SHOWN, PlaceFacts, facts_of_place
from services.fieldwork.visits import gaps_at, visit_groups, visits_in
from texts.catalogue import Html
from texts.message import Button, Message, in_rows

AREA = "place"
_TOPICS_SHOWN = 6


async def place_card(context: HandlerContext, who: Member, key: str) -> Message | None:
    """Return the card of a place; None when it is none of theirs to look at."""
    try:
        facts = await facts_of_place(context.work, who, key)
    except NotEntitled:
        return None
    lines = [await _heading(context, facts), *await _topics(context, facts), *_items(context, facts)]
    if facts.is_worked_at:
        lines += await _done_there(context, facts)
    if facts.is_own:
        lines.append(context.words("field.records_line", count=await talk_records.count_at(context.work, facts.place)))
        if facts.place.kind == PlaceKind.VILLAGE:
            lines.append(context.words("field.plan") if facts.plan else context.words("field.no_plan"))
            lines += [quoted(facts.plan)] if facts.plan else []
    return Message(Html("\n".join(lines)), in_rows(await _buttons(context, who, facts), 2), protect=True)


async def _heading(context: HandlerContext, facts: PlaceFacts) -> Html:
    words, known = context.words, await context.work.directory()
    if facts.place.kind == PlaceKind.UNIT:
        return words("field.heading_unit", name=facts.place.name)
    parts = [words(f"field.class_{facts.village_class}")] if facts.village_class else []
    parts += [words("field.households", count=facts.households)] if facts.households else []
    heading = words("field.heading_village", name=facts.place.name, unit=known.units[facts.place.unit_id].name)
    return Html("\n".join([heading, *([Html(" · ".join(parts))] if parts else [])]))


async def _topics(context: HandlerContext, facts: PlaceFacts) -> list[Html]:
    """Return what people write about there; a small count is told to the team alone."""
    words, known = context.words, await context.work.directory()
    if not facts.topics:
        return [words("field.no_topics" if facts.is_own else "field.no_topics_shown", fewest=facts.fewest)]
    shown = [
        words("field.topic", category=known.category(code).name_in(words.language), count=count)
        for code, count in list(facts.topics.items())[:_TOPICS_SHOWN]
    ]
    topics = Html(words("staff.list_comma").join(shown))
    return [words("field.topics" if facts.is_own else "field.topics_shown", topics=topics, fewest=facts.fewest)]


def _items(context: HandlerContext, facts: PlaceFacts) -> list[Html]:
    words = context.words
    if not facts.items:
        return [words("field.no_items")]
    lines = [words("field.items", count=len(facts.items))]
    lines += [
        words(
            "field.item_line", number=item.id, problem=one_line(item.problem), state=words(f"item.state_{item.state}")
        )
        for item in facts.items[:ITEMS_SHOWN]
    ]
    return lines


async def _done_there(context: HandlerContext, facts: PlaceFacts) -> list[Html]:
    """Return how far the team has come there."""
    words, work, place, lines = context.words, context.work, facts.place, []
    checklist = checklist_at(await work.directory(), place)
    if checklist is not None:
        progress = await progress_at(work, [place])
        lines.append(words("field.checklist_line", name=checklist.name, done=progress.done, all=progress.points))
    if place.kind == PlaceKind.VILLAGE:
        counts = await evening_talks.counts_at(work, [place])
        lines.append(words("field.talks_line", talks=counts.talks, suggested=counts.suggested, solved=counts.solved))
        lines.append(await visits_line(context, facts))
    return lines


async def visits_line(context: HandlerContext, facts: PlaceFacts) -> Html:
    """Return how many groups of households were visited, and which were not."""
    words, known = context.words, await context.work.directory()
    gaps = await gaps_at(context.work, [facts.place])
    missing = gaps[0].groups if gaps else ()
    groups = visit_groups(known)
    if not missing:
        return words("field.visits_all", all=len(groups))
    names = words("staff.list_comma").join(escape(group_name(words, one), quote=False) for one in missing)
    return words("field.visits_line", done=len(groups) - len(missing), all=len(groups), missing=Html(names))


async def _buttons(context: HandlerContext, who: Member, facts: PlaceFacts) -> list[Button]:
    place, known = facts.place, await context.work.directory()
    names = ["enter"] if place in places_to_enter_for(known, who) else []
    if facts.is_worked_at:
        names += ["checklist"] if checklist_at(known, place) else []
        names += ["visits", "talks"] if place.kind == PlaceKind.VILLAGE else []
    if facts.is_own:
        names += ["plan"] if place.kind == PlaceKind.VILLAGE else []
        names.append("records")
    names += ["share"] if place in places_to_enter_for(known, who) else []
    return [button(context.words, f"field.action_{name}", Press(AREA, name, place.key).pack()) for name in names]


async def visits_menu(context: HandlerContext, facts: PlaceFacts) -> Message:
    """Return the groups with how many of each were visited; each counts one more, or one less."""
    words, known, place = context.words, await context.work.directory(), facts.place
    visited = (await visits_in(context.work, place.round_id, [place.id])).get(place.id, {})
    rows = []
    for number, group in enumerate(visit_groups(known)):
        label = words.plain("field.visit_button", group=group_name(words, group), count=visited.get(group, 0))
        row = [Button(label, Press(AREA, "visit", place.key, str(number)).pack())]
        if visited.get(group, 0):
            less = words.plain("field.visit_less")
            row.append(Button(less, Press(AREA, "visit_less", place.key, str(number)).pack()))
        rows.append(tuple(row))
    back = button(words, "team.back", Press(AREA, "card", place.key).pack())
    return Message(words("field.visits_prompt", name=place.name), (*rows, (back,)))
