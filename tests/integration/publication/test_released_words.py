"""Words that are to be public pass a gate: no name of the staff, no number, nothing that a reporter left."""

import pytest
from sqlalchemy import select

from models.audit import AuditEntry
from models.rectification import CaseItem, RectificationItem
from models.states import ItemState
from services.publication.choose_items import ChosenPhotos, WordsNotReleased, choose_item, released
from services.publication.publications import begin, prepared_of
from services.publication.released_words import Obstacle, found_in
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import lay
from tests.integration.publication.story import CLERK, DONE, RESULT, ROUND
from tests.integration.rectification.conftest import who

REPORTERS_NUMBER = "13812345678"


@pytest.mark.parametrize(
    ("text", "obstacle"),
    [
        ("路修好了，由邢立负责。", Obstacle.STAFF_NAME),
        ("路修好了，由邢 立负责。", Obstacle.STAFF_NAME),
        ("路修好了，找13812345678。", Obstacle.NUMBER),
        ("款已退，身份证11010519491231002X。", Obstacle.NUMBER),
        ("照片见 www.example.com。", Obstacle.CONTACT),
    ],
)
async def test_words_that_lead_to_somebody_are_refused(county: OpenWork, text: str, obstacle: Obstacle) -> None:
    async with county() as work:
        assert obstacle in {one.obstacle for one in await found_in(work, text)}
        for looked_at in (False, True):
            with pytest.raises(WordsNotReleased):
                await released(work, text, looked_at=looked_at)


async def test_what_only_looks_like_a_name_is_released_once_somebody_has_looked(county: OpenWork) -> None:
    async with county() as work:
        text = "我叫张三，路修好了。"
        assert {one.obstacle for one in await found_in(work, text)} == {Obstacle.PERHAPS}
        with pytest.raises(WordsNotReleased):
            await released(work, text, looked_at=False)
        await released(work, text, looked_at=True)


async def test_plain_words_are_released_at_once(county: OpenWork) -> None:
    async with county() as work:
        for text in ("17户不符合条件享受低保，已全部清退。", "桥修好了，护栏装了80米，花了12.5万元。"):
            await released(work, text, looked_at=False)


async def test_what_a_reporter_left_is_masked_and_told(county: OpenWork) -> None:
    async with county() as work:
        await said_behind(work, f"我叫牛大壮，家住后山12号，电话{REPORTERS_NUMBER}")
        clerk = await who(work, CLERK)
        publication = await begin(work, clerk, ROUND)
        problem = "牛大壮等人反映工资没有发。"
        publication = await choose_item(work, clerk, publication.id, DONE, problem, RESULT, ChosenPhotos())
        [chosen] = prepared_of(publication).items
        assert "牛大壮" not in chosen.problem
        assert "trace_repeated" in list(await work.session.scalars(select(AuditEntry.action)))


async def said_behind(work: UnitOfWork, text: str) -> None:
    """Let the item have been ordered because of a case in which this was said."""
    case = await lay(work, text)
    work.session.add(CaseItem(case_id=case.id, item_id=DONE))
    item = await work.session.get_one(RectificationItem, DONE)
    assert item.state == ItemState.CLEARED
    await work.session.flush()
