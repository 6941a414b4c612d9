"""What comes by a letter, a call, a visit or a talk: entered, routed like any complaint, its receipt shown once."""

import pytest
from sqlalchemy import select

from handlers.cases.card import private_card
from models.audit import Audited, AuditEntry
from models.complaints import Case, CaseClock, CaseEvent, Complaint, ComplaintMessage, Door, MessageKind, ReplyAddress
from models.desk import DIRECTOR_DESK, Desk
from models.rounds import Round
from models.states import CaseState, NotEntitled, RoundState
from privacy.receipt import Script, digest
from services.access.member import member
from services.cases.queue_words import read_words
from services.cases.queues import queue
from services.fieldwork.enter import Entry, NothingSaid, enter, preview_entry
from services.intake.split import split
from services.intake.visit import find
from services.retention.housekeeping import _unknown
from services.sealed_messages import opened
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.fieldwork.field import (
    COLLEAGUE,
    DIRECTOR,
    HEAD,
    LEADER,
    MEMBER,
    OFFICE,
    OTHER_TEAM,
    RECUSED,
    SAID,
    entered_on,
    key_of,
    who,
)
from tests.story import PhoneUser, data_of, receipt_in
from texts.catalogue import Words

PHONE = "17300917364"
WORDS = Words("zh_Hans")


async def said_in(work: object, case: Case) -> list[str]:
    """Return what was said in a case, as it is kept."""
    session = work.session  # type: ignore[attr-defined]
    rows = list(await session.scalars(select(ComplaintMessage).order_by(ComplaintMessage.position)))
    contents = [opened(work, case.round_id, row) for row in rows]  # type: ignore[arg-type]
    return [content["text"] for content in contents if content]


@pytest.mark.parametrize("door", Door)
async def test_what_is_entered_goes_the_way_of_a_complaint_and_says_by_which_door_it_came(
    county: OpenWork, door: Door
) -> None:
    async with county() as work:
        entered = Entry(await key_of(work, "V01"), door, [SAID])
        submission, case = await enter(work, await who(work, MEMBER), entered)
        assert (case.desk, case.team_id, case.unit_id, case.village_id) == (Desk.team("T1"), "T1", "U1", "V01")
        assert (case.door, case.state, case.category, case.held_until) == (door, CaseState.ASSIGNED, "road", None)
        assert list(await work.session.scalars(select(CaseClock.clock).where(CaseClock.case_id == case.id)))
        card = await private_card(work, WORDS, await who(work, COLLEAGUE), case)
        assert card is not None
        assert WORDS(f"team.door_{door}") in card.text
        assert "阮知秋代录" in card.text
        [complaint] = await work.session.scalars(select(Complaint))
        assert complaint.receipt_digest == digest(submission.receipt, work.keyring.receipt_secret)
        assert await find(work, submission.receipt) is not None
        assert await said_in(work, case) == [SAID]


async def test_who_entered_it_stands_in_the_logs_and_nowhere_with_what_was_said(county: OpenWork) -> None:
    async with county() as work:
        entered = Entry(await key_of(work, "V01"), Door.LETTER, [SAID])
        _, case = await enter(work, await who(work, MEMBER), entered)
        entry = select(AuditEntry.by_id).where(AuditEntry.action == Audited.ENTERED, AuditEntry.case_id == case.id)
        assert list(await work.session.scalars(entry)) == [MEMBER]
        by = select(CaseEvent.by_id).where(CaseEvent.case_id == case.id).order_by(CaseEvent.version)
        assert list(await work.session.scalars(by)) == [MEMBER, None]
        for table in (Complaint, ComplaintMessage):
            [row] = await work.session.scalars(select(table))
            assert MEMBER not in str({name: value for name, value in vars(row).items() if name != "sealed"})
        assert list(await work.session.scalars(select(ReplyAddress))) == []


async def test_what_leads_to_a_person_is_taken_out_unless_it_is_about_the_accused(county: OpenWork) -> None:
    async with county() as work:
        key, member_ = await key_of(work, "V01"), await who(work, MEMBER)
        text = f"{SAID}，电话{PHONE}"
        look = await preview_entry(work, member_, Entry(key, Door.CALL, [text]))
        assert look.mentions
        assert PHONE not in "".join(look.draft.texts)
        _, case = await enter(work, member_, Entry(key, Door.CALL, [text]))
        assert all(PHONE not in one for one in await said_in(work, case))
        kept = await preview_entry(work, member_, Entry(key, Door.CALL, [text], keeps_traces=True))
        assert kept.draft.texts == (text,)


async def test_a_receipt_code_in_what_is_entered_is_taken_out_in_any_case(county: OpenWork) -> None:
    async with county() as work:
        key, member_ = await key_of(work, "V01"), await who(work, MEMBER)
        submission, _ = await enter(work, member_, Entry(key, Door.LETTER, [SAID]))
        code = submission.receipt.text(Script.SIMPLIFIED)
        for keeps in (False, True):
            look = await preview_entry(
                work, member_, Entry(key, Door.LETTER, [f"上次的回执码是{code}"], keeps_traces=keeps)
            )
            assert code not in "".join(look.draft.texts)


@pytest.mark.parametrize(
    ("staff_id", "place_id", "may"),
    [
        (LEADER, "V01", True),
        (MEMBER, "U4", True),
        (MEMBER, "V05", False),  # another team's
        (OTHER_TEAM, "V05", True),
        (RECUSED, "V09", False),  # shut out of U3
        (RECUSED, "U6", True),
        (OFFICE, "V05", True),
        (DIRECTOR, "V01", True),
        (HEAD, "V01", False),
    ],
)
async def test_who_enters_for_which_place(county: OpenWork, staff_id: str, place_id: str, may: bool) -> None:
    async with county() as work:
        entered = Entry(await key_of(work, place_id), Door.VISIT, [SAID])
        if may:
            _, case = await enter(work, await who(work, staff_id), entered)
            assert case.door == Door.VISIT
        else:
            with pytest.raises(NotEntitled):
                await enter(work, await who(work, staff_id), entered)


async def test_nothing_is_entered_without_words_nor_once_the_team_has_left(county: OpenWork) -> None:
    async with county() as work:
        key, member_ = await key_of(work, "V01"), await who(work, MEMBER)
        with pytest.raises(NothingSaid):
            await enter(work, member_, Entry(key, Door.CALL, []))
        (await work.session.get_one(Round, "R6")).state = RoundState.REPORTING
        await work.session.flush()
        with pytest.raises(NotEntitled):
            await enter(work, member_, Entry(key, Door.CALL, [SAID]))


async def test_a_letter_about_the_team_goes_to_the_director_and_one_that_names_its_writer_down_shuts_them_out(
    county: OpenWork,
) -> None:
    async with county() as work:
        key, member_ = await key_of(work, "V01"), await who(work, MEMBER)
        about_team = Entry(key, Door.LETTER, ["巡察组的人在村里吃吃喝喝，还收了烟酒"], category="team_conduct")
        _, case = await enter(work, member_, about_team)
        assert case.desk == DIRECTOR_DESK
        assert not member_.sees(case)
        _, named = await enter(work, member_, Entry(key, Door.LETTER, [f"{SAID}，巡察组的阮知秋不来看"]))
        assert not (await member(work.session, MEMBER)).sees(named)


async def test_a_case_that_is_split_off_came_by_the_same_door(county: OpenWork) -> None:
    async with county() as work:
        _, case = await enter(
            work, await who(work, MEMBER), Entry(await key_of(work, "V01"), Door.LETTER, [SAID, "还乱收费"])
        )
        other = await split(work, await who(work, LEADER), case.id, "fees" if case.category != "fees" else "road")
        assert other.door == Door.LETTER


async def test_a_list_is_narrowed_to_what_came_by_a_door(county: OpenWork) -> None:
    async with county() as work:
        key, member_ = await key_of(work, "V01"), await who(work, MEMBER)
        _, letter = await enter(work, member_, Entry(key, Door.LETTER, [SAID]))
        await enter(work, member_, Entry(key, Door.CALL, [SAID]))
        wanted = await read_words(work, ["來信"], {})
        assert [one.id for one in (await queue(work, member_, narrowed=wanted)).cases] == [letter.id]


# ---- on a phone


async def test_on_a_phone_a_letter_is_entered_and_its_receipt_is_gone_once_it_is_handed_over(
    deployment: Deployment,
) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    preview = await entered_on(phone, text=f"{SAID}，电话{PHONE}")
    assert PHONE not in preview.text
    assert "县委第一巡察组" in preview.text
    await phone.press("1.form.send.enter_case")
    shown = await phone.sees(lambda one: receipt_in(one) is not None)
    found = receipt_in(shown)
    assert found is not None
    assert shown.protected
    async with deployment.database.reading() as session:
        assert await find(deployment.work(session), found[0]) is not None
        [case] = await session.scalars(select(Case))
    assert case.door == Door.LETTER
    await phone.press("1.receipt.handed")
    await deployment.settled()
    assert all(receipt_in(one) is None for one in deployment.simulator.messages(phone.chat))


async def test_on_a_phone_a_receipt_that_is_not_handed_over_is_gone_after_an_hour(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    await entered_on(phone)
    await phone.press("1.form.send.enter_case")
    await phone.sees(lambda one: receipt_in(one) is not None)
    await deployment.settled()
    deployment.simulator.advance(3600 + 60)
    await deployment.settled()
    assert all(receipt_in(one) is None for one in deployment.simulator.messages(phone.chat))


async def test_on_a_phone_photos_of_a_letter_are_taken_and_kept_from_the_sweeper_until_it_is_entered(
    deployment: Deployment,
) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    await entered_on(phone)
    deployment.simulator.send_photo(account, "1-bridge")
    await phone.reads("📷 1 张")
    async with deployment.database.reading() as session:
        work = deployment.work(session)
        stored = set(work.attachment_store.ids())
        assert len(stored) == 1
        assert await _unknown(work, stored) == set()
    await phone.press("1.form.send.enter_case")
    await phone.sees(lambda one: receipt_in(one) is not None)
    async with deployment.database.reading() as session:
        kinds = list(await session.scalars(select(ComplaintMessage.kind).order_by(ComplaintMessage.position)))
    assert kinds == [MessageKind.TEXT, MessageKind.PHOTO]


async def test_on_a_phone_the_category_can_be_set_and_traces_kept_before_it_is_entered(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    preview = await entered_on(phone, door="call", text=f"{SAID}，村支书的电话{PHONE}")
    traces = data_of(preview, "1.form.choose.enter_case-traces")
    assert traces is not None
    await phone.press("1.form.choose.enter_case-traces")
    kept = await phone.reads(PHONE)
    await phone.press("1.form.choose.enter_case-category", after=kept.message_id - 1)
    await phone.reads("归到哪一类")
    await phone.press("1.form.choose.enter_case-category")
    await phone.press("1.form.send.enter_case")
    await phone.sees(lambda one: receipt_in(one) is not None)
    async with deployment.database.reading() as session:
        [case] = await session.scalars(select(Case))
    assert (case.door, case.category) == (Door.CALL, "three_assets")


async def test_whoever_has_no_place_in_the_field_is_told_so(deployment: Deployment) -> None:
    [account] = await deployment.enrol(HEAD)
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/enter")
    await phone.reads("不能代录")


async def test_on_a_phone_no_other_form_takes_the_place_of_what_was_written_down_until_it_is_entered(
    deployment: Deployment,
) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    await entered_on(phone)
    phone.say("/village 上竹坞村")
    assert "还没录入" in await phone.press("1.place.plan")
    phone.say("/enter")
    await phone.reads("还没录入")
    await phone.press("1.form.send.enter_case")
    await phone.sees(lambda one: receipt_in(one) is not None)
    await phone.press("1.place.plan")
    await phone.reads("先查什么")
