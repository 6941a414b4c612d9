"""/campaigns and /handdowns: what items come from beside a round, as the office enters it, with how far each is."""

from datetime import date
from html import escape
from typing import Any

from handlers import forms
from handlers.actions import Action, Result, action_button, button, immediately
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, begin, written
from handlers.items.draft_forms import ask_for_category, choose_category
from handlers.press import Press
from handlers.registers import page_turner, register_page, register_records
from handlers.steps import day_within_step, recent_day_step, text_step
from models.origins import Campaign
from models.states import NotEntitled
from services.access.member import Member
from services.rectification.origins import (
    LONGEST_BODY,
    LONGEST_NAME,
    LONGEST_NUMBER,
    LONGEST_TERM_DAYS,
    EndsBeforeItBegins,
    NewHandDown,
    UnfitAspects,
    begin_campaign,
    campaign_seen,
    campaigns,
    close_campaign,
    enter_hand_down,
    enters_origins,
    go_on_with_campaign,
    hand_down_seen,
    hand_downs,
    read_aspects,
)
from services.rectification.sources import Count, counts_of_campaign, counts_of_hand_down
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day, day_with_year
from texts.message import Message, in_rows

CAMPAIGNS, HAND_DOWNS = "campaign", "handdown"
_LONGEST_ASPECTS = 3000
_UNITS_SHOWN = 30


# ---- the forms


async def _may_enter(form: FormContext) -> None:
    if not enters_origins(form.who):
        raise FormRefused(form.words("office.not_entitled"))


async def _until(form: FormContext) -> Html:
    return form.words("origin.ends_prompt")


async def _due(form: FormContext) -> Html:
    return form.words("origin.due_prompt")


async def _ask_for_aspects(form: FormContext) -> Message:
    return Message(form.words("origin.aspects_prompt", most=_LONGEST_ASPECTS), ((form.cancel,),))


async def _read_aspects(form: FormContext, entered: FormInput) -> list[dict[str, Any]]:
    try:
        return read_aspects(written(form, entered, _LONGEST_ASPECTS, "team.text_please"))
    except UnfitAspects as unfit:
        raise Rejected(form.words(f"origin.aspects_{unfit.reason}", line=unfit.line)) from None


async def _show_campaign(form: FormContext) -> Message:
    answers, known = form.answers, await form.context.work.directory()
    text = form.words(
        "origin.campaign_preview",
        name=answers["name"],
        category=known.category(answers["category"]).name_in(form.words.language),
        first=day_with_year(form.words, date.fromisoformat(answers["begins"])),
        last=day_with_year(form.words, date.fromisoformat(answers["ends"])),
    )
    return Message(text)


async def _begin_campaign(form: FormContext) -> FormOutcome:
    answers = form.answers
    begins_on, ends_on = date.fromisoformat(answers["begins"]), date.fromisoformat(answers["ends"])
    campaign = await begin_campaign(
        form.context.work, form.who, answers["name"], answers["category"], begins_on, ends_on
    )
    return FormOutcome(form.words("origin.done_campaign"), card=True, subject=campaign.id)


NEW_CAMPAIGN = Form(
    "new_campaign",
    (
        text_step("name", "origin.campaign_name_prompt", LONGEST_NAME),
        Step("category", ask_for_category, choose=choose_category),
        recent_day_step("begins", "origin.begins_prompt", "origin.day_please", may_come=True),
        day_within_step("ends", _until, LONGEST_TERM_DAYS, "origin.day_within_please"),
    ),
    check=_may_enter,
    preview=_show_campaign,
    send_label="origin.button_send",
    send=_begin_campaign,
    refusals={EndsBeforeItBegins: "origin.ends_early"},
    revise=lambda _form, _entered: "ends",
    too_late="origin.too_late",
    area=CAMPAIGNS,
)


def _new_hand_down(form: FormContext) -> NewHandDown:
    answers = form.answers
    return NewHandDown(
        answers["name"],
        answers["origin"],
        answers["number"],
        answers["receiving_body"],
        date.fromisoformat(answers["came"]),
        date.fromisoformat(answers["due"]),
        answers["aspects"],
    )


async def _show_hand_down(form: FormContext) -> Message:
    new, words = _new_hand_down(form), form.words
    lines = [
        words("origin.hand_down_preview", name=new.name),
        *_facts(words, new.origin, new.number, new.receiving_body, new.came_on, new.due_on),
    ]
    for aspect in new.aspects:
        lines.append(words("origin.aspect", name=aspect["name"]))
        lines += [words("origin.part", name=part) for part in aspect["parts"]]
    return Message(Html("\n".join(lines)))


async def _enter_hand_down(form: FormContext) -> FormOutcome:
    hand_down = await enter_hand_down(form.context.work, form.who, _new_hand_down(form))
    return FormOutcome(form.words("origin.done_hand_down"), card=True, subject=hand_down.id)


NEW_HAND_DOWN = Form(
    "new_hand_down",
    (
        text_step("name", "origin.hand_down_name_prompt", LONGEST_NAME),
        text_step("origin", "origin.from_prompt", LONGEST_BODY),
        text_step("number", "origin.number_prompt", LONGEST_NUMBER),
        text_step("receiving_body", "origin.receiving_prompt", LONGEST_BODY),
        recent_day_step("came", "origin.came_prompt", "origin.day_please"),
        day_within_step("due", _due, LONGEST_TERM_DAYS, "origin.day_within_please"),
        Step("aspects", _ask_for_aspects, _read_aspects),
    ),
    check=_may_enter,
    preview=_show_hand_down,
    send_label="origin.button_send",
    send=_enter_hand_down,
    refusals={EndsBeforeItBegins: "origin.ends_early"},
    revise=lambda _form, _entered: "due",
    too_late="origin.too_late",
    area=HAND_DOWNS,
)
forms.register(NEW_CAMPAIGN, NEW_HAND_DOWN)


# ---- the registers


@command("campaigns")
async def show_campaigns(context: HandlerContext, who: Member) -> None:
    """Bring the register of campaigns, with a button to enter one."""
    await context.say(await _campaigns(context, who) or Message(context.words("office.not_entitled")))


@command("handdowns")
async def show_hand_downs(context: HandlerContext, who: Member) -> None:
    """Bring the register of what was handed down, with a button to enter one."""
    await context.say(await _hand_downs(context, who) or Message(context.words("office.not_entitled")))


async def _campaigns(context: HandlerContext, who: Member, after: str | None = None) -> Message | None:
    if not enters_origins(who):
        return None
    words, page, today = context.words, await campaigns(context.work, after), context.work.today
    lines = [
        (
            words(
                "origin.campaign_line",
                name=one.name,
                first=day(words, one.begins_on, today),
                last=day(words, one.ends_on, today),
                state=_standing(words, one, today),
            ),
            one.id,
        )
        for one in page.rows
    ]
    new = button(words, "origin.button_new_campaign", Press(CAMPAIGNS, "new").pack())
    heading = words("origin.campaigns" if lines else "origin.campaigns_none")
    return register_page(words, CAMPAIGNS, heading, lines, page.more_after, new)


async def _hand_downs(context: HandlerContext, who: Member, after: str | None = None) -> Message | None:
    if not enters_origins(who):
        return None
    words, page, today = context.words, await hand_downs(context.work, after), context.work.today
    lines = [
        (words("origin.hand_down_line", name=one.name, origin=one.origin, day=day(words, one.due_on, today)), one.id)
        for one in page.rows
    ]
    new = button(words, "origin.button_new_hand_down", Press(HAND_DOWNS, "new").pack())
    heading = words("origin.hand_downs" if lines else "origin.hand_downs_none")
    return register_page(words, HAND_DOWNS, heading, lines, page.more_after, new)


def _standing(words: Words, campaign: Campaign, today: date) -> str:
    if campaign.closed_on is not None:
        return words.plain("origin.state_closed")
    return words.plain("origin.state_over" if campaign.ends_on < today else "origin.state_running")


# ---- the cards


async def _new_campaign(context: HandlerContext, who: Member, _press: Press) -> Result:
    """Begin to enter a campaign."""
    if not enters_origins(who):
        raise NotEntitled
    return await begin(context, who, NEW_CAMPAIGN)


async def _new_one_handed_down(context: HandlerContext, who: Member, _press: Press) -> Result:
    """Begin to enter what was handed down."""
    if not enters_origins(who):
        raise NotEntitled
    return await begin(context, who, NEW_HAND_DOWN)


_CLOSE = Action("close", immediately(close_campaign, "origin.done_close"), label="origin.action_close")
_GO_ON = Action("go_on", immediately(go_on_with_campaign, "origin.done_go_on"), label="origin.action_go_on")


async def campaign_card(work: UnitOfWork, words: Words, who: Member, campaign_id: str) -> Message:
    """Return a campaign with how far each unit is. Raises NotEntitled."""
    campaign, known = await campaign_seen(work, who, campaign_id), await work.directory()
    counts = await counts_of_campaign(work, who, campaign)
    lines = [
        Html(f"<b>{escape(campaign.name, quote=False)}</b>"),
        words("origin.line_category", name=known.category(campaign.category).name_in(words.language)),
        words(
            "origin.line_period",
            first=day(words, campaign.begins_on, work.today),
            last=day(words, campaign.ends_on, work.today),
            state=_standing(words, campaign, work.today),
        ),
        *(_count_line(words, name, count) for name, count in counts.units[:_UNITS_SHOWN]),
    ]
    offered = _CLOSE if campaign.closed_on is None else _GO_ON
    return Message(Html("\n".join(lines)), in_rows([action_button(words, CAMPAIGNS, offered, campaign.id)], 1))


async def hand_down_card(work: UnitOfWork, words: Words, who: Member, hand_down_id: str) -> Message:
    """Return what was handed down with how far each aspect is. Raises NotEntitled."""
    one = await hand_down_seen(work, who, hand_down_id)
    counts = await counts_of_hand_down(work, who, one)
    lines = [
        Html(f"<b>{escape(one.name, quote=False)}</b>"),
        *_facts(words, one.origin, one.number, one.receiving_body, one.came_on, one.due_on),
        *(_count_line(words, name, count) for name, count in counts.kinds),
    ]
    for name, count, parts in counts.aspects:
        lines.append(_count_line(words, name, count))
        lines += [words("item.count_part", name=part, done=of.done, total=of.total) for part, of in parts]
    return Message(Html("\n".join(lines)))


def _facts(words: Words, origin: str, number: str, receiving_body: str, came_on: date, due_on: date) -> list[Html]:
    lines = [words("origin.line_from", origin=origin)]
    lines += [words("origin.line_number", number=number)] if number else []
    return [
        *lines,
        words("origin.line_receiving", body=receiving_body),
        words("origin.line_days", came=day_with_year(words, came_on), due=day_with_year(words, due_on)),
    ]


def _count_line(words: Words, name: str, count: Count) -> Html:
    return words("item.count_line", name=name, done=count.done, total=count.total)


CAMPAIGN_SUBJECT = register_records(
    CAMPAIGNS,
    (Action("new", _new_campaign), _CLOSE, _GO_ON),
    campaign_card,
    page_turner(_campaigns),
    too_late="origin.too_late",
    not_yours="office.not_entitled",
)
HAND_DOWN_SUBJECT = register_records(
    HAND_DOWNS,
    (Action("new", _new_one_handed_down),),
    hand_down_card,
    page_turner(_hand_downs),
    too_late="origin.too_late",
    not_yours="office.not_entitled",
)
