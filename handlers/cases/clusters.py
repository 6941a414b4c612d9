"""/clusters: what many have reported about one matter within days, and the brief that a leader makes of it."""

from handlers import forms
from handlers.actions import (
    Action,
    Replaced,
    Result,
    Subject,
    back_to_card,
    open_card,
    register,
    too_late_or_not_entitled,
)
from handlers.cases.labels import category, number, received, state
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Rejected, Step, with_form, written
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import list_page
from models.staff import Role
from models.states import NotEntitled
from services.access.member import Member
from services.cases.clusters import ClusterCursor, ClusterSeen, cluster_seen, clusters_of
from services.cases.dialogue import ContainsContact
from services.cases.facts import facts_of
from services.cases.notices import ClusterGrows
from services.cases.quoting import QuotesReporter
from services.cases.special_briefs import (
    LONGEST_BRIEF,
    MOST_HOUSEHOLDS,
    as_it_may_go_out,
    cluster_to_brief,
    write_brief,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, in_rows

AREA = "cluster"
_LISTED_CASES = 8
_MOST_VILLAGES = 3
_BUTTONS_PER_ROW = 4
_MOST_DIGITS = 9  # of a number that is read at all


@command("clusters")
async def show_clusters(context: HandlerContext, who: Member) -> None:
    """List the clusters of the teams that somebody is on."""
    await context.say(await _list(context, who, ""))


async def _turn_page(context: HandlerContext, who: Member, press: Press) -> Result:
    return Replaced(await _list(context, who, press.subject))


async def _list(context: HandlerContext, who: Member, after: str) -> Message:
    """Return a page of the clusters that somebody may see; the first one, where `after` is no cursor."""
    words, cursor = context.words, ClusterCursor.unpack(after)
    page = await clusters_of(context.work, who, cursor)
    if not page.clusters and cursor is None:
        return Message(words("team.clusters_none"))
    lines = [(await _heading(context.work, words, seen), seen.cluster.id) for seen in page.clusters]
    following, heading = page.after.pack() if page.after else None, words("team.clusters_heading")
    return list_page(words, AREA, heading, lines, is_first=cursor is None, following=following)


@renders_for_staff(ClusterGrows)
async def cluster_grows(work: UnitOfWork, reader: StaffReader, notice: ClusterGrows) -> Message | None:
    seen = await cluster_seen(work, reader.who, notice.cluster_id)
    return await _card(work, reader.words, reader.who, seen, first=reader.words("team.cluster_grows"))


async def card(context: HandlerContext, who: Member, cluster_id: str) -> Message | None:
    """Return a cluster as somebody may see it now."""
    try:
        seen = await cluster_seen(context.work, who, cluster_id)
    except NotEntitled:
        return None
    return await _card(context.work, context.words, who, seen)


async def _card(
    work: UnitOfWork, words: Words, who: Member, seen: ClusterSeen, *, first: Html | None = None
) -> Message:
    lines = [first] if first else []
    lines.append(await _heading(work, words, seen))
    buttons = []
    for case in seen.cases[:_LISTED_CASES]:
        facts = await facts_of(work, case)
        lines.append(Html(f"{number(case)} · {facts.village or ''} · {state(words, case)} · {received(words, facts)}"))
        buttons.append(Button(case.id, Press("queue", "case", case.id).pack()))
    if len(seen.cases) > _LISTED_CASES:
        lines.append(words("team.cluster_more", count=len(seen.cases) - _LISTED_CASES))
    rows = in_rows(buttons, _BUTTONS_PER_ROW // 2)
    if seen.cluster.team_id in who.teams(Role.TEAM_LEADER):
        write = Button(words.plain("team.action_brief"), Press(AREA, "brief", seen.cluster.id).pack())
        rows = (*rows, (write,))
    return Message(Html("\n".join(lines)), rows, protect=True)


async def _heading(work: UnitOfWork, words: Words, seen: ClusterSeen) -> Html:
    """Return where it is, what it is about, how many cases there are and how often it was reported."""
    known, cluster = await work.directory(), seen.cluster
    ids = dict.fromkeys(case.village_id for case in seen.cases if case.village_id)
    villages = [known.villages[village_id].name for village_id in ids]
    named = words.plain("staff.list_comma").join(villages[:_MOST_VILLAGES]) or known.units[cluster.unit_id].name
    return words(
        "team.cluster_line_more" if len(villages) > _MOST_VILLAGES else "team.cluster_line",
        places=named,
        category=category(words, known.category(cluster.category)),
        cases=len(seen.cases),
        times=seen.times,
        since=day(words, cluster.raised_at.astimezone(work.zone).date(), work.today),
    )


# ---- a leader writes a brief about one


async def _may_write(form: FormContext) -> ClusterSeen:
    return await cluster_to_brief(form.context.work, form.who, form.subject_id)


async def _ask_for_text(form: FormContext) -> Message:
    await _may_write(form)
    return Message(form.words("team.brief_prompt", most=LONGEST_BRIEF), ((form.cancel,),))


async def _read_text(form: FormContext, entered: FormInput) -> str:
    text = written(form, entered, LONGEST_BRIEF, "item.text_please")
    return await as_it_may_go_out(form.context.work, form.who, form.subject_id, text)


async def _ask_for_households(form: FormContext) -> Message:
    return Message(form.words("team.brief_households_prompt"), ((form.cancel,),))


async def _read_households(form: FormContext, entered: FormInput) -> int:
    return read_count(form, entered, least=1, most=MOST_HOUSEHOLDS)


def read_count(form: FormContext, entered: FormInput, *, least: int, most: int) -> int:
    """Return a number that was written, in digits of any width; raise Rejected when it is none, or not in between."""
    typed = entered.text.strip().removesuffix("户").removesuffix("戶").strip()
    if not typed.isdecimal() or len(typed) > _MOST_DIGITS or not least <= int(typed) <= most:
        raise Rejected(form.words("team.brief_number_please", least=least, most=most))
    return int(typed)


async def _show_brief(form: FormContext) -> Message:
    answers = form.answers
    return Message(form.words("team.look_at_brief", text=answers["text"], households=answers["households"]))


async def _send_brief(form: FormContext) -> FormOutcome:
    answers = form.answers
    await write_brief(form.context.work, form.who, form.subject_id, answers["text"], answers["households"])
    return FormOutcome(form.words("team.done_brief"))


WRITE_BRIEF = Form(
    "write_brief",
    (Step("text", _ask_for_text, _read_text), Step("households", _ask_for_households, _read_households)),
    check=_may_write,
    preview=_show_brief,
    send_label="team.send_brief",
    send=_send_brief,
    refusals={ContainsContact: "team.brief_holds_contact", QuotesReporter: "transfer.quotes_reporter"},
    revise=lambda _form, _entered: "text",
    too_late="team.brief_on_its_way",
    area=AREA,
)
forms.register(WRITE_BRIEF)

SUBJECT = register(
    Subject(
        AREA,
        (
            Action("open", open_card),
            Action("page", _turn_page),
            Action("card", back_to_card),
            Action("brief", with_form(WRITE_BRIEF), label="team.action_brief"),
        ),
        too_late_or_not_entitled("team.brief_on_its_way", "team.cluster_not_yours"),
        card,
    )
)
