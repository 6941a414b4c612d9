"""/brief: the leader of a team looks at its numbers, adds a sentence, and sends both to the office."""

from dataclasses import asdict

from handlers import forms
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Rejected, Step, begin_by_command, written
from handlers.notices import StaffReader, renders_for_staff
from models.staff import Role
from models.states import NotEntitled
from services.access.member import Member
from services.cases.brief import NEW_DAYS, Situation, send_brief, situation_of
from services.cases.notices import TeamBrief
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message

_LONGEST_WORDS = 500  # characters
_NOTHING_TO_ADD = "none"


@command("brief")
async def brief(context: HandlerContext, who: Member) -> None:
    """Begin the form with the numbers of the team."""
    if not who.teams(Role.TEAM_LEADER):
        await context.say(Message(context.words("situation.leaders_only")))
        return
    await begin_by_command(context, who, BRIEF_OFFICE)


async def _may_brief(form: FormContext) -> None:
    if not form.who.teams(Role.TEAM_LEADER):
        raise NotEntitled


def _team(form: FormContext) -> str:
    led = form.who.teams(Role.TEAM_LEADER)
    return led[0] if len(led) == 1 else str(form.answers["team"])


async def _ask_for_team(form: FormContext) -> Message:
    known = await form.context.work.directory()
    choices = [(form.choice(known.teams[one].name, one),) for one in form.who.teams(Role.TEAM_LEADER)]
    return Message(form.words("situation.which_team"), (*choices, (form.cancel,)))


async def _choose_team(form: FormContext, value: str) -> str:
    if value not in form.who.teams(Role.TEAM_LEADER):
        raise Rejected(form.words("situation.gone"))
    if value != form.answers.get("team"):  # the numbers that were looked at are another team's
        form.answers.pop("words", None)
    return value


async def _ask_for_words(form: FormContext) -> Message:
    numbers = await _numbers(form, await situation_of(form.context.work, form.who, _team(form)))
    nothing = form.choice(form.words.plain("situation.nothing_to_add"), _NOTHING_TO_ADD)
    text = Html(f"{numbers}\n\n{form.words('situation.add', most=_LONGEST_WORDS)}")
    return Message(text, ((nothing,), (form.cancel,)), protect=True)


async def _looked_at(form: FormContext, words: str) -> dict[str, object]:
    """Return what is sent: the numbers as they are shown now, so that they stay those that were looked at."""
    return {"words": words, "numbers": asdict(await situation_of(form.context.work, form.who, _team(form)))}


async def _read_words(form: FormContext, entered: FormInput) -> dict[str, object]:
    return await _looked_at(form, written(form, entered, _LONGEST_WORDS, "team.text_please"))


async def _choose_words(form: FormContext, _value: str) -> dict[str, object]:
    return await _looked_at(form, "")


async def _show(form: FormContext) -> Message:
    answer = form.answers["words"]
    numbers = await _numbers(form, Situation(**answer["numbers"]))
    return Message(_with_words(form.words, numbers, answer["words"]), protect=True)


async def _send(form: FormContext) -> FormOutcome:
    answer = form.answers["words"]
    told = Situation(**answer["numbers"])
    count = await send_brief(form.context.work, form.who, _team(form), told, answer["words"])
    return FormOutcome(form.words("situation.sent", count=count))


BRIEF_OFFICE = Form(
    "brief_office",
    (
        Step("team", _ask_for_team, choose=_choose_team, skip=lambda form: len(form.who.teams(Role.TEAM_LEADER)) == 1),
        Step("words", _ask_for_words, _read_words, _choose_words),
    ),
    check=_may_brief,
    preview=_show,
    send_label="situation.send",
    send=_send,
    revise=lambda _form, _entered: "words",
    too_late="situation.gone",
    gone="situation.gone",
    rewritten="team.answer_rewritten",
)
forms.register(BRIEF_OFFICE)


@renders_for_staff(TeamBrief)
async def team_brief(work: UnitOfWork, reader: StaffReader, notice: TeamBrief) -> Message | None:
    """Tell the office what the leader of a team has sent."""
    if not reader.who.is_office:
        return None
    known = await work.directory()
    told = Situation(notice.open_cases, notice.times, notice.new, notice.due_today, notice.late, notice.unanswered)
    numbers = _lines(reader.words, known.teams[notice.team_id].name, told)
    by = reader.words("situation.by", name=known.names[notice.by_id])
    return Message(Html(f"{_with_words(reader.words, numbers, notice.words)}\n\n{by}"), protect=True)


async def _numbers(form: FormContext, told: Situation) -> Html:
    known = await form.context.work.directory()
    return _lines(form.words, known.teams[_team(form)].name, told)


def _lines(words: Words, team: str, told: Situation) -> Html:
    return words("situation.numbers", team=team, days=NEW_DAYS, **asdict(told))


def _with_words(words: Words, numbers: Html, added: str) -> Html:
    return Html(f"{numbers}\n\n{words('team.quote', text=added)}") if added else numbers
