"""From what a unit hands in to what is cleared: kinds of evidence, photos used before, signatures, and what lacks."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from media.kinds import Cleaned, FileKind
from models.desk import Desk
from models.rectification import EvidenceKind, RectificationItem
from models.states import Impossible, ItemState, NotEntitled
from services.rectification.issue_item import issue_item
from services.rectification.item_file import Missing, item_file, missing
from services.rectification.item_log import events_of
from services.rectification.notices import ItemEvidence, ItemReview
from services.rectification.review_item import (
    CannotClear,
    FileChanged,
    NothingTicked,
    ReturnReason,
    Tick,
    clear_item,
    countersign,
    pass_item,
    return_item,
)
from services.rectification.system_built import systems_by_field, tell_not_needed, tell_system
from services.rectification.unit_actions import Numbers, acknowledge, keep_file, submit
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import SEEN, signed, who
from tests.items import new_item
from tests.notices import rendered_for
from tests.unit.media.test_look import jpeg, scene

DUE = date(2027, 1, 31)
HEAD, OTHER_HEAD, MEMBER, OTHER_MEMBER, LEADER, DIRECTOR = "P14", "P15", "P06", "P08", "P25", "P03"


async def an_item(work: UnitOfWork, unit: str = "U1", head: str = HEAD) -> RectificationItem:
    """Have the office issue an item for which a county leader is in charge, and its head acknowledge it."""
    order = new_item(unit, "公示栏没有更新。", DUE, county_leader_id=LEADER)
    item = await issue_item(work, await who(work, "P04"), order)
    await acknowledge(work, await who(work, head), item.id)
    return item


async def handed_in_with(work: UnitOfWork, item: RectificationItem, photo: bytes, head: str = HEAD) -> str:
    """Hand in one photo for an item, and return its id there."""
    kept = await keep_file(work, item, Cleaned(FileKind.PHOTO, photo), EvidenceKind.AFTER)
    await submit(work, await who(work, head), item.id, ["已更新。"], [kept])
    return kept


async def shown(work: UnitOfWork, staff_id: str, notice: ItemReview | ItemEvidence) -> str:
    message = await rendered_for(work, f"staff:{staff_id}", notice)
    return str(message.text) if message is not None else ""


async def test_clearing_asks_for_evidence_a_system_and_a_signature_under_the_file_as_it_is(county: OpenWork) -> None:
    async with county() as work:
        item = await an_item(work)
        head, director, leader = await who(work, HEAD), await who(work, DIRECTOR), await who(work, LEADER)
        await submit(work, head, item.id, ["已更新。"], [])
        with pytest.raises(NothingTicked):
            await pass_item(work, await who(work, MEMBER), item.id, "已整改。", ())
        await pass_item(work, await who(work, MEMBER), item.id, "已整改。", (Tick.VISITED, Tick.HEARD))
        [passed] = [event for event in await events_of(work, item) if event.event == "pass"]
        assert passed.detail["ticks"] == ["heard", "visited"]
        with pytest.raises(CannotClear) as refused:
            await clear_item(work, director, item.id)
        assert refused.value.missing == [Missing.EVIDENCE, Missing.SYSTEM, Missing.SIGNATURE]

        item.money_recovered = 84200  # as it would have been handed in
        await tell_not_needed(work, head, item.id, "一次性的事")
        assert await missing(work, item, await item_file(work, item)) == [Missing.SIGNATURE]
        seen = (await item_file(work, item)).short_digest
        await tell_system(work, head, item.id, "每月更新一次公示栏")
        with pytest.raises(FileChanged):
            await countersign(work, leader, item.id, seen)
        await signed(work, item, LEADER)
        file = await item_file(work, item)
        signature = file.signature
        assert signature is not None
        assert (signature.holds, signature.digest, signature.by_id) == (True, file.digest, LEADER)
        with pytest.raises(Impossible):  # signed, and nothing has changed since
            await signed(work, item, LEADER)

        await tell_system(work, head, item.id, "每月更新一次公示栏\n专人负责")
        signature = (await item_file(work, item)).signature
        assert signature is not None
        assert not signature.holds
        with pytest.raises(CannotClear) as refused:
            await clear_item(work, director, item.id)
        assert refused.value.missing == [Missing.SIGNATURE]
        await signed(work, item, LEADER)
        await clear_item(work, director, item.id)
        assert item.state == ItemState.CLEARED
        assert (await systems_by_field(work, director))[item.category] >= 2


async def test_a_photo_that_was_used_before_warns_the_reviewer_and_names_no_item_that_is_not_theirs(
    county: OpenWork,
) -> None:
    picture = scene(1)
    async with county() as work:
        first = await an_item(work)
        await handed_in_with(work, first, jpeg(picture))
        second = await an_item(work, "U2", OTHER_HEAD)
        again = jpeg(picture.resize((picture.width * 3 // 4, picture.height * 3 // 4)), 50)
        kept = await handed_in_with(work, second, again, OTHER_HEAD)
        for notice in (ItemReview(second.id), ItemEvidence(kept)):
            reviewers = await shown(work, OTHER_MEMBER, notice)
            assert "以前用过" in reviewers
            assert first.id not in reviewers
        directors = await shown(work, DIRECTOR, ItemEvidence(kept))
        assert first.id in directors
        assert "11月22日" in directors
        first.desk = Desk.leader("T1")  # to who sees all else, a warning without a number would tell of it
        await work.session.flush()
        assert "用过" not in await shown(work, DIRECTOR, ItemEvidence(kept))
        first.desk = None
        third = await an_item(work)
        fresh = await handed_in_with(work, third, jpeg(scene(2)))
        assert "用过" not in await shown(work, MEMBER, ItemEvidence(fresh))


async def test_documents_figures_and_kinds_are_part_of_what_is_signed_for(county: OpenWork) -> None:
    async with county() as work:
        item = await an_item(work)
        before = await keep_file(work, item, Cleaned(FileKind.PHOTO, jpeg(scene(3))), EvidenceKind.BEFORE)
        notice = await keep_file(work, item, Cleaned(FileKind.PDF, b"%PDF a posted list"), EvidenceKind.NOTICE)
        await submit(work, await who(work, HEAD), item.id, [], [before, notice], Numbers(60, 62, 84200, 3))
        file = await item_file(work, item)
        assert [str(one.kind) for one in file.evidence] == ["before", "notice"]
        message = await rendered_for(work, f"staff:{MEMBER}", ItemEvidence(notice))
        assert message is not None
        assert message.upload is not None
        assert (str(message.upload.kind), message.upload.suffix) == ("document", "pdf")
        assert "60" in await shown(work, MEMBER, ItemReview(item.id))
        file.evidence[1].digest = "0" * 64
        assert (await item_file(work, item)).digest != file.digest
        gone = await shown(work, MEMBER, ItemEvidence(notice))  # what lies there is not what stands in the row
        assert "打不开" in gone


async def test_a_return_names_a_code_of_the_county_reports(county: OpenWork) -> None:
    async with county() as work:
        item = await an_item(work)
        await submit(work, await who(work, HEAD), item.id, ["已更新。"], [])
        await return_item(work, await who(work, MEMBER), item.id, ReturnReason.FALSIFIED)
        [returned] = [event for event in await events_of(work, item) if event.event == "return"]
        assert returned.detail["reason"] == "falsified"
        with pytest.raises(NotEntitled):
            await pass_item(work, await who(work, OTHER_MEMBER), item.id, "已整改。", SEEN)


async def test_a_photo_of_one_shade_is_taken_for_no_other(county: OpenWork) -> None:
    async with county() as work:
        item = await an_item(work)
        dark, light = [written(Image.new("RGB", (60, 40), (shade,) * 3)) for shade in (40, 200)]
        kept = [await keep_file(work, item, Cleaned(FileKind.PHOTO, one), EvidenceKind.AFTER) for one in (dark, light)]
        await submit(work, await who(work, HEAD), item.id, [], kept)
        assert [one.used_before for one in (await item_file(work, item)).evidence] == [None, None]
        assert item.due_on - work.today > timedelta(days=1)


def written(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "JPEG")
    return data.getvalue()
