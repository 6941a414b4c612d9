"""Evening talks: announced, logged message by message, solved, made cases of, and counted."""

from datetime import date, time

import pytest
from sqlalchemy import select

from handlers.fieldwork.evening_talks import read_time
from models.complaints import Case, CaseShutOut, Door
from models.desk import DIRECTOR_DESK
from models.fieldwork import EveningTalk, Suggestion
from models.states import CaseState, Impossible, NotEntitled
from services.fieldwork.evening_talks import (
    SuggestionCount,
    counts_at,
    log_suggestion,
    make_case,
    plan_talk,
    solve,
    suggestions_of,
    talk_of,
    talks_at,
)
from services.fieldwork.places import place_of
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.fieldwork.field import COLLEAGUE, DIRECTOR, MEMBER, OTHER_TEAM, RECUSED, key_of, who
from tests.story import PhoneUser, data_of, receipt_in

LIGHT, ROAD = "路灯坏了三个月", "进村的路修了一半没人管"


async def test_suggestions_are_logged_sealed_and_counted_as_suggested_and_solved(county: OpenWork) -> None:
    async with county() as work:
        member_, key = await who(work, MEMBER), await key_of(work, "V01")
        talk = await plan_talk(work, member_, key, date(2026, 11, 25), time(19, 30), "院坝")
        assert await log_suggestion(work, member_, talk.id, LIGHT) == 1
        assert await log_suggestion(work, await who(work, COLLEAGUE), talk.id, ROAD) == 2
        rows = list(await work.session.scalars(select(Suggestion)))
        assert all(LIGHT.encode() not in row.sealed and ROAD.encode() not in row.sealed for row in rows)
        first, second = await suggestions_of(work, member_, talk.id)
        assert [first.text, second.text] == [LIGHT, ROAD]
        await solve(work, member_, first.id)
        _, case, _ = await make_case(work, member_, second.id)
        assert (case.door, case.village_id, case.category) == (Door.EVENING_TALK, "V01", "road")
        place = place_of(await work.directory(), member_, key)
        assert await counts_at(work, [place]) == SuggestionCount(talks=1, suggested=2, solved=1)
        case.state = CaseState.CLOSED
        await work.session.flush()
        assert await counts_at(work, [place]) == SuggestionCount(talks=1, suggested=2, solved=2)


async def test_what_became_of_a_suggestion_is_kept_from_whoever_its_case_is_kept_from(county: OpenWork) -> None:
    async with county() as work:
        member_ = await who(work, MEMBER)
        talk = await plan_talk(work, member_, await key_of(work, "V01"), date(2026, 11, 25))
        await log_suggestion(work, member_, talk.id, LIGHT)
        [one] = await suggestions_of(work, member_, talk.id)
        _, case, _ = await make_case(work, member_, one.id)
        work.session.add(CaseShutOut(case_id=case.id, staff_id=COLLEAGUE))
        case.state = CaseState.CLOSED
        await work.session.flush()
        for staff_id, shown in ((MEMBER, (True, case.id)), (COLLEAGUE, (False, None))):
            [one] = await suggestions_of(work, await who(work, staff_id), talk.id)
            assert one.is_case
            assert (one.is_solved, one.case_id) == shown


async def test_a_suggestion_is_settled_once(county: OpenWork) -> None:
    async with county() as work:
        member_ = await who(work, MEMBER)
        talk = await plan_talk(work, member_, await key_of(work, "V01"), date(2026, 11, 25))
        await log_suggestion(work, member_, talk.id, LIGHT)
        [one] = await suggestions_of(work, member_, talk.id)
        await make_case(work, member_, one.id)
        for settle in (make_case, solve):
            with pytest.raises(Impossible):
                await settle(work, member_, one.id)


async def test_of_a_case_that_is_not_theirs_the_list_tells_neither_number_nor_end(county: OpenWork) -> None:
    async with county() as work:
        member_ = await who(work, MEMBER)
        talk = await plan_talk(work, member_, await key_of(work, "V01"), date(2026, 11, 25))
        await log_suggestion(work, member_, talk.id, LIGHT)
        [one] = await suggestions_of(work, member_, talk.id)
        _, case, _ = await make_case(work, member_, one.id)
        [shown] = await suggestions_of(work, member_, talk.id)
        assert shown.case_id == case.id
        case.desk, case.state = DIRECTOR_DESK, CaseState.CLOSED
        await work.session.flush()
        [shown] = await suggestions_of(work, member_, talk.id)
        assert (shown.is_case, shown.case_id, shown.is_solved) == (True, None, False)


@pytest.mark.parametrize("staff_id", [OTHER_TEAM, DIRECTOR])
async def test_an_evening_talk_is_its_own_teams_alone(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        key = await key_of(work, "V01")
        talk = await plan_talk(work, await who(work, MEMBER), key, date(2026, 11, 25))
        await log_suggestion(work, await who(work, MEMBER), talk.id, LIGHT)
        other = await who(work, staff_id)
        for refused in (
            plan_talk(work, other, key, date(2026, 11, 25)),
            log_suggestion(work, other, talk.id, LIGHT),
            suggestions_of(work, other, talk.id),
        ):
            with pytest.raises(NotEntitled):
                await refused


async def test_talks_of_the_countys_file_are_there_and_kept_from_whoever_is_shut_out(county: OpenWork) -> None:
    async with county() as work:
        talk, village = await talk_of(work, await who(work, MEMBER), "N1")
        assert (village.id, talk.counted, talk.counted_solved) == ("V02", 9, 2)
        with pytest.raises(NotEntitled):
            await talk_of(work, await who(work, RECUSED), "N2")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("19:30", "19:30"),
        ("7点半", "19:30"),
        ("晚上7点半", "19:30"),
        ("7：30", "19:30"),
        ("8點", "20:00"),
        ("12:00", "12:00"),
        ("7:75", None),
        ("早上8点", None),
        ("晚饭后", None),
    ],
)
def test_a_time_is_one_of_the_afternoon_or_evening(typed: str, meant: str | None) -> None:
    found = read_time(typed)
    assert (found and f"{found:%H:%M}") == meant


# ---- on a phone


async def test_on_a_phone_a_talk_is_planned_announced_logged_and_settled(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/village 上竹坞村")
    await phone.press("1.place.talks")
    await phone.press("1.place.announce")
    await phone.press("1.form.choose.announce_talk-day")
    await phone.reads("几点开始")
    phone.say("晚上7点半")
    await phone.press("1.form.choose.announce_talk-at")
    await phone.press("1.evening.notice")
    notice = await phone.reads("不记名")
    assert "上竹坞村" in notice.text
    assert "19:30" in notice.text
    assert not notice.protected  # to be forwarded
    await phone.press("1.evening.log")
    await phone.reads("大家说一条")
    phone.say(LIGHT)
    await phone.reads("一共 1 条")
    phone.say(ROAD)
    await phone.reads("一共 2 条")
    await phone.press("1.form.send.log_suggestions")
    card = await phone.sees(lambda one: LIGHT in one.text and data_of(one, "1.evening.make_case") is not None)
    assert "建议 2 条，解决 0 条" in card.text
    await phone.press("1.evening.solve")
    await phone.reads("建议 2 条，解决 1 条")
    await phone.press("1.evening.make_case")
    await phone.sees(lambda one: receipt_in(one) is not None)
    async with deployment.database.reading() as session:
        [case] = await session.scalars(select(Case))
        work = deployment.work(session)
        [talk] = await session.scalars(select(EveningTalk).where(EveningTalk.by_id == MEMBER))
        _, village = await talk_of(work, await who(work, MEMBER), talk.id)
        assert [one.id for one in await talks_at(work, village)] == [talk.id]
    assert case.door == Door.EVENING_TALK
    assert case.id in (await phone.reads("📨")).text
