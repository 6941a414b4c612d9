"""Reading a case: in private, protected, for a day, logged, and never by somebody who is shut out."""

from dataclasses import replace

import pytest

from models.complaints import CaseComplaint, MessageKind
from models.desk import Desk
from models.states import NotEntitled
from services.access.member import member
from services.cases.case_log import complaints_of
from services.cases.dialogue import say_to_reporter
from services.cases.notices import CaseFile
from services.cases.read_case import hand_over
from tests.conftest import NOW, OpenWork
from tests.integration.cases.conftest import events_of, lay, picture, queued_for, rendered

READING = ("case_text", "case_file")


async def test_what_was_said_is_queued_in_private_and_taken_back_after_a_day(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "桥裂了 <手指宽>", photos=[picture()])
        await hand_over(work, await member(work.session, "P06"), case.id)
        text, photo = await queued_for(work, "staff:P06", *READING)
        assert (text.delete_after_hours, photo.delete_after_hours) == (24, 24)
        shown = await rendered(work, "staff:P06", text)
        assert shown is not None
        assert shown.protect
        assert "<blockquote>桥裂了 &lt;手指宽&gt;</blockquote>" in shown.text
        pictured = await rendered(work, "staff:P06", photo)
        assert pictured is not None
        assert pictured.protect
        assert pictured.upload is not None
        assert pictured.upload.data == picture()


async def test_what_is_queued_holds_no_word_of_the_resident(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "村支书的小舅子")
        await hand_over(work, await member(work.session, "P06"), case.id)
        assert all(
            b"\xe5\xb0\x8f\xe8\x88\x85\xe5\xad\x90" not in outgoing.pack()
            for outgoing in await queued_for(work, "staff:P06")
        )


async def test_opening_is_logged_and_renews_no_card_on_the_board(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        before = len(await queued_for(work, "staff:P07", "case_card"))
        await hand_over(work, await member(work.session, "P06"), case.id)
        assert (await events_of(work, case))[-1] == "open"
        assert len(await queued_for(work, "staff:P07", "case_card")) == before


async def test_a_shut_out_member_gets_no_text_even_if_it_was_queued_before(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", desk=Desk.team("T3"), team="T3", unit="U3", photos=[picture()])
        with pytest.raises(NotEntitled):
            await hand_over(work, await member(work.session, "P12"), case.id)
        await hand_over(work, await member(work.session, "P13"), case.id)
        for outgoing in await queued_for(work, "staff:P13", *READING):
            assert await rendered(work, "staff:P13", outgoing) is not None
            assert await rendered(work, "staff:P12", outgoing) is None
            assert await rendered(work, "board:T3", outgoing) is None


async def test_a_photo_is_shown_only_with_the_case_it_belongs_to(county: OpenWork) -> None:
    async with county() as work:
        theirs = await lay(work, "路坏了", photos=[picture()])
        others = await lay(work, "路坏了", desk=Desk.team("T2"), team="T2", unit="U2", photos=[picture()])
        await hand_over(work, await member(work.session, "P08"), others.id)
        [foreign] = await queued_for(work, "staff:P08", "case_file")
        assert isinstance(foreign.content, CaseFile)
        foreign = replace(foreign, content=replace(foreign.content, case_id=theirs.id))
        assert await rendered(work, "staff:P06", foreign) is None


async def test_the_dialogue_so_far_is_read_with_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await say_to_reporter(work, case, MessageKind.QUESTION, "哪一段？")
        await say_to_reporter(work, case, MessageKind.TEXT, key="accepted")
        await say_to_reporter(work, case, MessageKind.ANSWER, "已修好。")
        await hand_over(work, await member(work.session, "P06"), case.id)
        [page] = await queued_for(work, "staff:P06", "case_text")
        shown = await rendered(work, "staff:P06", page)
        assert shown is not None
        assert [shown.text.index(part) for part in ("路坏了", "哪一段？", "已修好。")] == sorted(
            shown.text.index(part) for part in ("路坏了", "哪一段？", "已修好。")
        )
        assert shown.text.count("<blockquote>") == 3


async def test_long_texts_come_whole_in_messages_that_fit(county: OpenWork) -> None:
    async with county() as work:
        texts = ["<&>" * 1365, "长" * 4096, "短", "😀" * 2048]
        case = await lay(work, *texts)
        await hand_over(work, await member(work.session, "P06"), case.id)
        together = ""
        for outgoing in await queued_for(work, "staff:P06", "case_text"):
            shown = await rendered(work, "staff:P06", outgoing)
            assert shown is not None
            assert len(shown.text.encode("utf-16-le")) // 2 <= 4096
            together += shown.text
        assert [together.count(sign) for sign in ("&lt;", "&amp;", "&gt;")] == [1365] * 3
        assert (together.count("长"), together.count("短"), together.count("😀")) == (4096, 1, 2048)


async def test_what_was_withdrawn_is_not_read_any_more(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await hand_over(work, await member(work.session, "P06"), case.id)
        [outgoing] = await queued_for(work, "staff:P06", "case_text")
        [complaint] = await complaints_of(work, case)
        complaint.withdrawn_at = NOW
        await work.session.flush()
        assert await rendered(work, "staff:P06", outgoing) is None


async def test_a_merged_case_tells_its_reporters_apart_by_number_alone(county: OpenWork) -> None:
    async with county() as work:
        case, other = await lay(work, "路坏了"), await lay(work, "又塌了")
        [joined] = await complaints_of(work, other)
        work.session.add(CaseComplaint(case_id=case.id, complaint_id=joined.id))
        await work.session.flush()
        await hand_over(work, await member(work.session, "P06"), case.id)
        [page] = await queued_for(work, "staff:P06", "case_text")
        shown = await rendered(work, "staff:P06", page)
        assert shown is not None
        assert "反映人 1" in shown.text
        assert "反映人 2" in shown.text
