"""Three units with one fault are a common problem; on it the office writes to a department, which changes something."""

import io
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from bot.bootstrap import duties
from handlers.letters.letters import as_file, letter_card
from models.complaints import CaseShutOut
from models.desk import Desk
from models.letters import Letter, Pattern, PatternKind
from models.rectification import ItemKind, RectificationItem
from models.staff import Recusal, RecusalState
from models.states import Impossible, LetterState, NotEntitled, PatternState
from services.cases.dialogue import ContainsContact
from services.directory import expire_directory
from services.letters.effect import Outcome, effect_of
from services.letters.letters import (
    approve,
    letter_seen,
    letters_of,
    reply,
    sign,
    tell_of_late_letters,
    tell_reform,
    write_letter,
)
from services.rectification.issue_item import order_fix
from services.rectification.patterns import confirm, decline, note_patterns, patterns_of
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import a_verified_case, at, queued, who
from tests.integration.rectification.test_fixes import DUE
from texts.catalogue import Words

DIRECTOR, CLERK, LEADER, CONTACT, DEPARTMENT_HEAD, OTHER = "P03", "P04", "P05", "P32", "P39", "P26"
ROADS = "D07"
TEXT = "通组路损坏较多，养护没有专人。建议建立村道养护制度，明确经费和责任人。"


def test_the_clock_tells_of_letters_that_are_late() -> None:
    assert tell_of_late_letters in duties()


async def fixes_at(work: UnitOfWork, *units: str) -> list[RectificationItem]:
    leader, found = await who(work, LEADER), []
    for unit_id in units:
        case = await a_verified_case(work, unit_id=unit_id)
        found.append(await order_fix(work, leader, case.id, "通组路损坏，请修复。", DUE))
    return found


async def the_pattern(work: UnitOfWork) -> Pattern | None:
    return await work.session.scalar(select(Pattern).where(Pattern.kind == PatternKind.COMMON))


async def test_three_units_with_one_fault_are_proposed_once_and_the_office_decides(county: OpenWork) -> None:
    async with county() as work:
        first = await fixes_at(work, "U1", "U1", "U2")
        assert await the_pattern(work) is None
        case = await a_verified_case(work, unit_id="U3")
        case.desk = Desk.leader("T1")  # what lies before one pair of eyes is not counted
        hidden = await order_fix(work, await who(work, LEADER), case.id, "通组路损坏，请修复。", DUE)
        assert hidden.desk is not None
        assert await the_pattern(work) is None
        await fixes_at(work, "U3", "U3")
        pattern = await the_pattern(work)
        assert pattern is not None
        assert (pattern.subject_id, pattern.counted, pattern.state) == ("road", 3, PatternState.PROPOSED)
        assert sorted(one.staff_id for one in await queued(work, "pattern_proposed")) == [DIRECTOR, CLERK]
        for stranger in (LEADER, "P14", "P01", CONTACT):
            with pytest.raises(NotEntitled):
                await confirm(work, await who(work, stranger), pattern.id)
        await decline(work, await who(work, CLERK), pattern.id)
        await note_patterns(work, first[0])
        assert pattern.state is PatternState.DECLINED
        await fixes_at(work, "U4", "U5", "U6")  # twice as many
        assert (pattern.counted, pattern.state.value) == (6, "proposed")
        await confirm(work, await who(work, CLERK), pattern.id)
        assert {one.staff_id for one in await queued(work, "pattern_confirmed")} == {"P01", "P02"}
        assert {first[0].kind, hidden.kind} == {ItemKind.COMMON, ItemKind.INDIVIDUAL}
        assert [one.id for one in (await patterns_of(work, await who(work, "P01")))[0]] == [pattern.id]


async def test_a_unit_with_many_items_is_proposed_and_kept_from_who_is_shut_out(county: OpenWork) -> None:
    async with county() as work:
        await fixes_at(work, *["U1"] * 13)  # the sample has one already
        many = select(Pattern).where(Pattern.kind == PatternKind.MANY)
        assert await work.session.scalar(many) is None
        await fixes_at(work, "U1")
        pattern = (await work.session.scalars(many)).one()
        assert (pattern.subject_id, pattern.counted) == ("U1", 15)
        await confirm(work, await who(work, CLERK), pattern.id)
        with pytest.raises(NotEntitled):  # a letter is about several units
            await write_letter(work, await who(work, CLERK), pattern.id, ROADS, TEXT)
        work.session.add(Recusal(staff_id=DIRECTOR, unit_id="U1", state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        assert (await patterns_of(work, await who(work, DIRECTOR)))[0] == []


async def a_letter(work: UnitOfWork) -> Letter:
    await fixes_at(work, "U1", "U2", "U3")
    pattern = await the_pattern(work)
    assert pattern is not None
    clerk = await who(work, CLERK)
    with pytest.raises(Impossible):
        await write_letter(work, clerk, pattern.id, ROADS, TEXT)
    await confirm(work, clerk, pattern.id)
    with pytest.raises(ContainsContact):
        await write_letter(work, clerk, pattern.id, ROADS, "请打 13900001111")
    return await write_letter(work, clerk, pattern.id, ROADS, TEXT)


async def test_a_letter_goes_from_the_office_by_the_director_to_a_department_that_says_what_it_has_changed(
    county: OpenWork,
) -> None:
    async with county(now=at(20)) as work:
        letter = await a_letter(work)
        assert (letter.evidence_count, letter.unit_count) == (3, 3)
        contact, director = await who(work, CONTACT), await who(work, DIRECTOR)
        for early in (contact, await who(work, "P01")):
            with pytest.raises(NotEntitled):
                await letter_seen(work, early, letter.id)
        with pytest.raises(NotEntitled):
            await approve(work, await who(work, CLERK), letter.id)
        await approve(work, director, letter.id)
        assert (letter.year, letter.number, letter.due_on) == (2026, 1, date(2026, 12, 20))
        assert {one.staff_id for one in await queued(work, "letter_sent")} == {CONTACT, DEPARTMENT_HEAD}
        with pytest.raises(NotEntitled):
            await letter_seen(work, await who(work, OTHER), letter.id)
        with pytest.raises(Impossible):
            await reply(work, contact, letter.id, "好")
        await sign(work, contact, letter.id)
        await reply(work, contact, letter.id, "年底前出台养护办法。")
        await tell_reform(work, contact, letter.id, "已出台村道养护办法，每村一名养护员。")
        assert letter.state is LetterState.REFORMED
        assert [one.id for one in (await letters_of(work, await who(work, "P02")))[0]] == [letter.id]
        assert (await letters_of(work, await who(work, OTHER)))[0] == []
        name, document = await as_file(work, Words("zh_Hans"), contact, letter.id)
        assert name == "巡察建议书〔2026〕1号"
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
            body = ElementTree.fromstring(archive.read("word/document.xml"))
            assert set(archive.namelist()) == {"[Content_Types].xml", "_rels/.rels", "word/document.xml"}
        said = "".join(body.itertext())
        assert TEXT in said
        assert "3 个单位" in said
        effect = await effect_of(work, letter)
        assert effect is not None
        assert effect.outcome is Outcome.TOO_EARLY
        number = letter.id
    async with county(now=at(20, month=1, year=2027)) as work:
        letter = await work.session.get_one(Letter, number)
        effect = await effect_of(work, letter)
        assert effect is not None
        assert effect.outcome is Outcome.TOO_FEW
        words = Words("zh_Hans")
        assert "件数太少" in (await letter_card(work, words, await who(work, CLERK), number)).text
        assert "反映" not in (await letter_card(work, words, await who(work, CONTACT), number)).text


async def test_whoever_is_named_behind_an_item_has_nothing_to_do_with_the_letter_and_what_is_late_is_told_once(
    county: OpenWork,
) -> None:
    async with county(now=at(20)) as work:
        letter = await a_letter(work)
        case = await a_verified_case(work, unit_id="U2")
        await order_fix(work, await who(work, LEADER), case.id, "通组路损坏，请修复。", DUE)
        work.session.add(CaseShutOut(case_id=case.id, staff_id=DEPARTMENT_HEAD))
        await work.session.flush()
        await approve(work, await who(work, DIRECTOR), letter.id)
        assert {one.staff_id for one in await queued(work, "letter_sent")} == {CONTACT}
        with pytest.raises(NotEntitled):
            await sign(work, await who(work, DEPARTMENT_HEAD), letter.id)
        assert (await letters_of(work, await who(work, DEPARTMENT_HEAD)))[0] == []
    async with county(now=at(20) + timedelta(days=31)) as work:
        for _ in range(2):
            await tell_of_late_letters(work)
        told = sorted(one.staff_id for one in await queued(work, "letter_late"))
        assert told == [DIRECTOR, CLERK, CONTACT]
