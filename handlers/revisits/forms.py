"""The forms of re-visits: what is drawn, who takes part, when a unit is visited, and what was found there."""

from datetime import date
from fractions import Fraction

from handlers import forms
from handlers.actions import Done, NothingDone, Result
from handlers.choice_pages import choice_page, start_of_page
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step
from handlers.press import Press, short_digest
from handlers.revisits.labels import REVISITS, VISITS
from handlers.steps import coming_day, one_of, option_step, text_step
from models.revisits import Body, Evaluator, RevisitItem, RevisitKind, Verdict
from models.states import Impossible, NotEntitled, RevisitState
from services.access.member import Member
from services.directory import Person, RoundRecord
from services.rectification.due_dates import Unclear
from services.revisits.revisits import (
    OfAUnit,
    begin_look_back,
    begin_sample,
    join,
    least_shares,
    leave,
    people_to_join,
    revisit_seen,
    rounds_to_revisit,
)
from services.revisits.sampling import NothingToDraw, ShareTooSmall
from services.revisits.visits import (
    LONGEST_WORDS,
    DayUnfit,
    NothingJudged,
    OwnWork,
    VisitSeen,
    judge,
    may,
    may_judge,
    plan,
    record,
    visit_seen,
)
from texts.catalogue import Html
from texts.dates import day_in_full
from texts.message import Message

_DIGITS = 8
_SHARES = ("1/3", "1/2", "2/3", "1")


# ---- to begin


async def _rounds(form: FormContext) -> list[RoundRecord]:
    found = rounds_to_revisit(await form.context.work.directory(), form.who)
    if not found:
        raise FormRefused(form.words("revisit.no_round" if form.who.is_office else "revisit.not_yours"))
    return found


async def _ask_for_round(form: FormContext) -> Message:
    choices = [(one.name, short_digest(one.id, _DIGITS)) for one in await _rounds(form)]
    return Message(form.words("revisit.which_round"), choice_page(form, choices, 0))


async def _choose_round(form: FormContext, value: str) -> str | Message:
    rounds = await _rounds(form)
    if (start := start_of_page(value)) is not None:
        choices = [(one.name, short_digest(one.id, _DIGITS)) for one in rounds]
        return Message(form.words("revisit.which_round"), choice_page(form, choices, start))
    for one in rounds:
        if short_digest(one.id, _DIGITS) == value:
            return one.id
    raise Rejected(form.words("team.press_unknown"))


async def _ask_for_kind(form: FormContext) -> Message:
    row = tuple(form.choice(form.words.plain(f"revisit.kind_{one}"), one) for one in RevisitKind)
    return Message(form.words("revisit.which_kind"), (row, (form.cancel,)))


async def _ask_for_share(form: FormContext) -> Message:
    least = max(least_shares(await form.context.work.directory()))
    row = tuple(
        form.choice(form.words.plain("revisit.all") if share == "1" else share, share.replace("/", "-"))
        for share in _SHARES
        if Fraction(share) >= least
    )
    return Message(form.words("revisit.which_share", least=str(least)), (row, (form.cancel,)))


async def _read_share(form: FormContext, entered: FormInput) -> str:
    """Take `1/2`, `40%` or `0.4`; less than the county draws is refused."""
    typed = entered.text.strip().replace("／", "/").replace("％", "%")
    try:
        share = Fraction(typed.removesuffix("%").strip()) / (100 if typed.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise Rejected(form.words("revisit.share_please")) from None
    least = max(least_shares(await form.context.work.directory()))
    if share < least:
        raise Rejected(form.words("revisit.share_too_small", least=str(least)))
    if share > 1:
        raise Rejected(form.words("revisit.share_please"))
    return str(share)


async def _choose_share(form: FormContext, value: str) -> str:
    return await _read_share(form, FormInput(value.replace("-", "/")))


async def _show_beginning(form: FormContext) -> Message:
    answers, known = form.answers, await form.context.work.directory()
    text = form.words(
        f"revisit.preview_{answers['kind']}",
        round=known.rounds[answers["round"]].name,
        evaluator=form.words.plain(f"revisit.evaluator_{answers['evaluator']}"),
        share=answers.get("share", ""),
        days=known.settings.revisits.revisit_days,
    )
    return Message(text)


async def _begin(form: FormContext) -> FormOutcome:
    answers, work = form.answers, form.context.work
    evaluator = Evaluator(answers["evaluator"])
    try:
        if answers["kind"] == RevisitKind.SAMPLE:
            revisit = await begin_sample(work, form.who, answers["round"], evaluator, Fraction(answers["share"]))
        else:
            revisit = await begin_look_back(work, form.who, answers["round"], evaluator)
    except NothingToDraw:
        raise FormRefused(form.words("revisit.nothing_to_draw")) from None
    except ShareTooSmall:
        least = max(least_shares(await work.directory()))
        raise FormRefused(form.words("revisit.share_too_small", least=str(least)), keeps_open=True) from None
    except Impossible:
        raise FormRefused(form.words("revisit.is_running")) from None
    seen = await revisit_seen(work, form.who, revisit.id)
    return FormOutcome(form.words("revisit.done_begin", units=len(seen.units), items=seen.items, number=revisit.id))


BEGIN = Form(
    "begin_revisit",
    (
        Step("round", _ask_for_round, choose=_choose_round),
        Step("kind", _ask_for_kind, choose=one_of(RevisitKind)),
        option_step("evaluator", Evaluator, "revisit.evaluator", "revisit.which_evaluator"),
        Step(
            "share",
            _ask_for_share,
            _read_share,
            _choose_share,
            skip=lambda form: form.answers.get("kind") == RevisitKind.LOOK_BACK,
        ),
    ),
    check=_rounds,
    preview=_show_beginning,
    send_label="revisit.send_begin",
    send=_begin,
    too_late="revisit.too_late",
    area=REVISITS,
)


# ---- who takes part


async def _may_join(form: FormContext) -> list[Person]:
    return await people_to_join(form.context.work, form.who, form.subject_id)


async def _people(form: FormContext, start: int, named: str = "") -> Message:
    known = await form.context.work.directory()
    found = await people_to_join(form.context.work, form.who, form.subject_id, named)
    choices = [(known.names[one.id], short_digest(one.id, _DIGITS)) for one in found]
    return Message(form.words("revisit.who_joins"), choice_page(form, choices, start))


async def _ask_who(form: FormContext) -> Message:
    return await _people(form, 0)


async def _read_who(form: FormContext, entered: FormInput) -> str:
    found = await people_to_join(form.context.work, form.who, form.subject_id, entered.text)
    if len(found) == 1 and entered.text:
        return found[0].id
    if not found or not entered.text:
        raise Rejected(form.words("revisit.nobody_of_name"))
    offered = await _people(form, 0, entered.text)
    raise Rejected(Html(offered.text), offered.buttons)


async def _choose_who(form: FormContext, value: str) -> str | Message:
    if (start := start_of_page(value)) is not None:
        return await _people(form, start)
    for one in await _may_join(form):
        if short_digest(one.id, _DIGITS) == value:
            return one.id
    raise Rejected(form.words("team.press_unknown"))


async def _join(form: FormContext) -> FormOutcome:
    answers = form.answers
    try:
        await join(form.context.work, form.who, form.subject_id, answers["who"], Body(answers["body"]))
    except OfAUnit:
        raise FormRefused(form.words("revisit.of_a_unit")) from None
    return FormOutcome(form.words("revisit.done_join"), card=True)


JOIN = Form(
    "join_revisit",
    (Step("who", _ask_who, _read_who, _choose_who), option_step("body", Body, "revisit.body", "revisit.which_body")),
    check=_may_join,
    send=_join,
    too_late="revisit.too_late",
    area=REVISITS,
    card_when_cancelled=True,
)


async def _members(form: FormContext) -> list[str]:
    seen = await revisit_seen(form.context.work, form.who, form.subject_id)
    if not form.who.is_office:
        raise NotEntitled
    if not seen.members:
        raise FormRefused(form.words("revisit.nobody_yet"))
    return [one.staff_id for one in seen.members]


async def _ask_who_leaves(form: FormContext) -> Message:
    known = await form.context.work.directory()
    choices = [(known.names[one], short_digest(one, _DIGITS)) for one in await _members(form)]
    return Message(form.words("revisit.who_leaves"), choice_page(form, choices, 0))


async def _choose_who_leaves(form: FormContext, value: str) -> str | Message:
    if (start := start_of_page(value)) is not None:
        known = await form.context.work.directory()
        choices = [(known.names[one], short_digest(one, _DIGITS)) for one in await _members(form)]
        return Message(form.words("revisit.who_leaves"), choice_page(form, choices, start))
    for one in await _members(form):
        if short_digest(one, _DIGITS) == value:
            return one
    raise Rejected(form.words("team.press_unknown"))


async def _leave(form: FormContext) -> FormOutcome:
    await leave(form.context.work, form.who, form.subject_id, form.answers["who"])
    return FormOutcome(form.words("revisit.done_leave"), card=True)


LEAVE = Form(
    "leave_revisit",
    (Step("who", _ask_who_leaves, choose=_choose_who_leaves),),
    check=_members,
    send=_leave,
    too_late="revisit.too_late",
    area=REVISITS,
    card_when_cancelled=True,
)


# ---- a visit is planned


async def _may_plan(form: FormContext) -> VisitSeen:
    return await may(form.context.work, form.who, form.subject_id, "plan")


async def _ask_for_day(form: FormContext) -> Message:
    seen = await _may_plan(form)
    until = day_in_full(form.words, seen.revisit.ends_on)
    return Message(form.words("revisit.which_day", day=until), ((form.cancel,),))


async def _read_day(form: FormContext, entered: FormInput) -> str:
    work, seen = form.context.work, await _may_plan(form)
    on = await coming_day(form, entered.text)
    if isinstance(on, Unclear) or not work.today <= on <= seen.revisit.ends_on:
        raise Rejected(form.words("revisit.day_please", day=day_in_full(form.words, seen.revisit.ends_on)))
    return on.isoformat()


async def _ask_whether_announced(form: FormContext) -> Message:
    row = tuple(form.choice(form.words.plain(f"revisit.{one}"), one) for one in ("unannounced", "announced"))
    return Message(form.words("revisit.which_way"), (row, (form.cancel,)))


async def _choose_whether_announced(form: FormContext, value: str) -> bool:
    if value not in ("unannounced", "announced"):
        raise Rejected(form.words("team.press_unknown"))
    return value == "unannounced"


async def _plan(form: FormContext) -> FormOutcome:
    on, is_unannounced = date.fromisoformat(form.answers["day"]), form.answers["unannounced"]
    try:
        await plan(form.context.work, form.who, form.subject_id, on, is_unannounced=is_unannounced)
    except DayUnfit:
        raise FormRefused(form.words("revisit.day_over")) from None
    return FormOutcome(form.words("revisit.done_plan"), card=True)


PLAN = Form(
    "plan_revisit",
    (
        Step("day", _ask_for_day, _read_day),
        Step("unannounced", _ask_whether_announced, choose=_choose_whether_announced),
    ),
    check=_may_plan,
    send=_plan,
    too_late="revisit.too_late",
    area=VISITS,
    card_when_cancelled=True,
)


# ---- what was found


async def _may_judge_there(form: FormContext) -> list[RevisitItem]:
    seen = await visit_seen(form.context.work, form.who, form.subject_id)
    if seen.revisit.id not in form.who.revisits:
        raise NotEntitled
    if seen.revisit.state is not RevisitState.RUNNING:
        raise Impossible("judge", seen.revisit.state)
    return seen.items


async def _items(form: FormContext, start: int) -> Message:
    choices = [(f"{one.item_id}{' ✓' if one.verdict else ''}", one.item_id) for one in await _may_judge_there(form)]
    return Message(form.words("revisit.which_item"), choice_page(form, choices, start))


async def _ask_for_item(form: FormContext) -> Message:
    return await _items(form, 0)


async def _choose_item(form: FormContext, value: str) -> str | Message:
    if (start := start_of_page(value)) is not None:
        return await _items(form, start)
    drawn = next((one for one in await _may_judge_there(form) if one.item_id == value), None)
    if drawn is None:
        raise Rejected(form.words("team.press_unknown"))
    await _check_item(form, drawn)
    return value


async def _check_item(form: FormContext, drawn: RevisitItem) -> None:
    try:
        await may_judge(form.context.work, form.who, drawn.revisit_id, drawn.item_id)
    except OwnWork:
        raise Rejected(form.words("revisit.own_work")) from None
    except Impossible:
        raise Rejected(form.words("revisit.is_recorded")) from None


async def _ask_for_verdict(form: FormContext) -> Message:
    rows = tuple((form.choice(form.words.plain(f"revisit.verdict_{one}"), one),) for one in Verdict)
    return Message(form.words("revisit.which_verdict", number=form.answers["item"]), (*rows, (form.cancel,)))


async def _show_judgement(form: FormContext) -> Message:
    verdict = form.words.plain(f"revisit.verdict_{form.answers['verdict']}")
    number = form.answers["item"]
    return Message(form.words("revisit.preview_judge", number=number, verdict=verdict, text=form.answers["words"]))


async def _judge(form: FormContext) -> FormOutcome:
    seen = await visit_seen(form.context.work, form.who, form.subject_id)
    answers = form.answers
    try:
        await judge(
            form.context.work,
            form.who,
            seen.revisit.id,
            answers["item"],
            Verdict(answers["verdict"]),
            answers["words"],
        )
    except OwnWork:
        raise FormRefused(form.words("revisit.own_work")) from None
    return FormOutcome(form.words("revisit.done_judge"), card=True)


JUDGE = Form(
    "judge_item",
    (
        Step("item", _ask_for_item, choose=_choose_item),
        Step("verdict", _ask_for_verdict, choose=one_of(Verdict)),
        text_step("words", "revisit.which_words", LONGEST_WORDS),
    ),
    check=_may_judge_there,
    preview=_show_judgement,
    send_label="revisit.send_judge",
    send=_judge,
    revise=lambda _form, _entered: "words",
    too_late="revisit.too_late",
    area=VISITS,
    card_when_cancelled=True,
)
forms.register(BEGIN, JOIN, LEAVE, PLAN, JUDGE)


async def record_visit(context: HandlerContext, who: Member, press: Press) -> Result:
    """Let what was found count; say what is missing where nothing was."""
    try:
        await record(context.work, who, press.subject)
    except NothingJudged:
        return NothingDone(context.words("revisit.nothing_judged"))
    return Done(context.words("revisit.done_record"))
