"""A village goes to another team of a round (提级) and back: the two forms, and what both teams are told."""

from handlers import forms
from handlers.actions import button
from handlers.cases.labels import number
from handlers.forms import Form, FormContext, FormOutcome, FormRefused, Rejected, Step
from handlers.named_step import named_step
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.rounds.card import AREA
from models.complaints import Case
from models.staff import TEAM_ROLES
from services.directory import Directory, TeamRecord, VillageRecord
from services.rounds.level_up_village import (
    level_up_village,
    put_back_village,
    teams_to_level_up_to,
    villages_to_level_up,
    villages_to_put_back,
)
from services.rounds.notices import VillageCame, VillageGone
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.message import Message


async def _known(form: FormContext) -> Directory:
    return await form.context.work.directory()


async def _village(form: FormContext) -> VillageRecord:
    return (await _known(form)).villages[form.answers["village"]]


async def _to_level_up(form: FormContext, named: str) -> list[VillageRecord]:
    return [one for one in villages_to_level_up(await _known(form), form.who, form.subject_id) if named in one.name]


async def _to_put_back(form: FormContext, named: str) -> list[VillageRecord]:
    return [one for one in villages_to_put_back(await _known(form), form.who, form.subject_id) if named in one.name]


async def _which_to_level_up(form: FormContext) -> Html:
    return form.words("round.level_up_prompt")


async def _which_to_put_back(form: FormContext) -> Html:
    return form.words("round.put_back_prompt")


async def _any_to_level_up(form: FormContext) -> None:
    if not await _to_level_up(form, ""):
        raise FormRefused(form.words("round.not_yours"))


async def _any_to_put_back(form: FormContext) -> None:
    if not await _to_put_back(form, ""):
        raise FormRefused(form.words("round.not_yours"))


async def _its_unit(form: FormContext, village: VillageRecord) -> str:
    return f"{village.name}（{(await _known(form)).units[village.unit_id].name}）"


async def _teams(form: FormContext) -> list[TeamRecord]:
    return teams_to_level_up_to(await _known(form), form.subject_id, await _village(form))


async def _which_team(form: FormContext) -> Message:
    teams = await _teams(form)
    rows = tuple((form.choice(team.name, team.id),) for team in teams)
    key = "round.level_up_team_prompt" if teams else "round.level_up_no_team"
    return Message(form.words(key, village=(await _village(form)).name), (*rows, (form.cancel,)))


async def _choose_team(form: FormContext, value: str) -> str:
    if value not in {team.id for team in await _teams(form)}:
        raise Rejected(form.words("team.press_unknown"))
    return value


async def _look_at_level_up(form: FormContext) -> Message:
    team = (await _known(form)).teams[form.answers["team"]]
    return Message(form.words("round.look_at_level_up", village=(await _village(form)).name, team=team.name))


async def _look_at_put_back(form: FormContext) -> Message:
    known, village = await _known(form), await _village(form)
    team = known.team_at(form.subject_id, village.unit_id)
    return Message(form.words("round.look_at_put_back", village=village.name, team=team.name if team else ""))


async def _level_up(form: FormContext) -> FormOutcome:
    answers = form.answers
    team = await level_up_village(form.context.work, form.who, form.subject_id, answers["village"], answers["team"])
    return FormOutcome(
        form.words("round.done_level_up", village=(await _village(form)).name, team=team.name), card=True
    )


async def _put_back(form: FormContext) -> FormOutcome:
    team = await put_back_village(form.context.work, form.who, form.subject_id, form.answers["village"])
    return FormOutcome(
        form.words("round.done_put_back", village=(await _village(form)).name, team=team.name), card=True
    )


LEVEL_UP = Form(
    "village_level_up",
    (
        named_step("village", _to_level_up, _which_to_level_up, "field.place_not_found", _its_unit),
        Step("team", _which_team, choose=_choose_team),
    ),
    check=_any_to_level_up,
    preview=_look_at_level_up,
    send_label="round.yes",
    send=_level_up,
    too_late="round.not_now",
    area=AREA,
    card_when_cancelled=True,
)
PUT_BACK = Form(
    "village_put_back",
    (named_step("village", _to_put_back, _which_to_put_back, "field.place_not_found", _its_unit),),
    check=_any_to_put_back,
    preview=_look_at_put_back,
    send_label="round.yes",
    send=_put_back,
    too_late="round.not_now",
    area=AREA,
    card_when_cancelled=True,
)
forms.register(LEVEL_UP, PUT_BACK)


@renders_for_staff(VillageCame)
async def village_came(work: UnitOfWork, reader: StaffReader, notice: VillageCame) -> Message | None:
    """Tell somebody on the team that has a village now; nothing of what was said there."""
    known, village = await work.directory(), (await work.directory()).villages.get(notice.village_id)
    team = known.team_at(notice.round_id, village.unit_id, village.id) if village else None
    if village is None or village.unit_id in reader.who.shut_out_of:
        return None
    if team is None or team.id not in reader.who.teams(*TEAM_ROLES):
        return None
    unit = known.units[village.unit_id].name
    see = button(reader.words, "round.see_cases", Press("queue", "page", "queue").pack())
    return Message(reader.words("round.village_came", village=village.name, unit=unit), ((see,),), protect=True)


@renders_for_staff(VillageGone)
async def village_gone(work: UnitOfWork, reader: StaffReader, notice: VillageGone) -> Message | None:
    """Tell that a village is not the reader's team's any more, and the numbers of what was theirs."""
    known, words = await work.directory(), reader.words
    village = known.villages.get(notice.village_id)
    team = known.team_at(notice.round_id, village.unit_id, village.id) if village else None
    if village is None or village.unit_id in reader.who.shut_out_of:
        return None
    if team is not None and team.id in reader.who.teams(*TEAM_ROLES):  # it was put back before this was sent
        return None
    lines = [words("round.village_gone", village=village.name)]
    cases = [await work.session.get(Case, case_id) for case_id in notice.case_ids]
    own = [number(case) for case in cases if case is not None and not reader.who.is_shut_out(case)]
    lines += [words("round.village_gone_own", numbers=Html(words("staff.list_comma").join(own)))] if own else []
    return Message(Html("\n".join(lines)), protect=True)
