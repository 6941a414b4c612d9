"""What is told of items: that it fits a message, and that it is true when it is sent."""

from datetime import date
from html import unescape

import pytest
from sqlalchemy import update

from channels.telegram.address import address_of
from handlers.items.card import item_card
from handlers.router import route  # noqa: F401 (importing the handlers registers their notices)
from models.rectification import RectificationItem, WarningCard
from models.rounds import Team
from models.staff import Recusal, RecusalState
from services.rectification.issue_item import issue_item
from services.rectification.order import LONGEST_TEXT
from services.rectification.remind import remind_unit_heads
from services.talks.cards import give_card
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import a_verified_case, at, queued, who
from tests.items import new_item
from tests.notices import notice_of, rendered_for
from texts.catalogue import LANGUAGES, Words
from texts.message import Message

LIMIT = 4096  # characters of a message, once its HTML is read


async def rendered(
    work: UnitOfWork, kind: str, staff_id: str, language: str = "zh_Hans", **args: object
) -> Message | None:
    return await rendered_for(work, f"staff:{staff_id}", notice_of(kind, args), language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_digest_of_very_many_items_fits_one_message(county: OpenWork, language: str) -> None:
    async with county() as work:
        office = await who(work, "P04")
        for number in range(45):
            await issue_item(work, office, new_item("U2", f"第{number}项 " + "长" * 400, date(2026, 11, 22)))
    async with county(now=at(23)) as work:
        await remind_unit_heads(work)
        digest = await rendered(work, "item_digest", "P15", language, digest="digest:P15:2026-11-23")
        assert digest is not None
        text = unescape(digest.text)
        assert len(text) < LIMIT
        assert text.count("RI") == 30
        assert "15" in text.splitlines()[-1]  # the rest is in the list
        assert sum(len(row) for row in digest.buttons) == 30


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_longest_item_fits_one_message(county: OpenWork, language: str) -> None:
    async with county() as work:
        office = await who(work, "P04")
        long = "<&>" * (LONGEST_TEXT // 3)
        item = await issue_item(work, office, new_item("U2", long, date(2026, 12, 31), requirement=long))
        card = await rendered(work, "item_event", "P15", language, item_id=item.id, version=1)
        assert card is not None
        assert len(unescape(card.text)) < LIMIT
        assert long in unescape(card.text)


async def test_an_imported_item_that_is_longer_is_cut_to_fit(county: OpenWork) -> None:
    async with county() as work:
        item = await work.session.get_one(RectificationItem, "RI02")
        item.problem = item.requirement = "长" * 4000
        card = await item_card(work, Words("zh_Hans"), await who(work, "P14"), item)
        assert len(unescape(card.text)) < LIMIT


async def test_a_hazard_is_reminded_of_in_a_few_words_with_what_there_is_to_do(county: OpenWork) -> None:
    problem, requirement = "村口的桥面塌了一半，还有人走，桥下水深两米，" + "长" * 200, "马上封桥，三天内修好。"
    async with county(now=at(23)) as work:
        order = new_item("U2", problem, date(2026, 11, 24), requirement=requirement, hazard=True)
        item = await issue_item(work, await who(work, "P04"), order)
        whole = await rendered(work, "item_event", "P15", item_id=item.id, version=1)
        assert whole is not None
        assert problem in whole.text
        reminder = await rendered(work, "item_reminder", "P15", item_id=item.id)
        assert reminder is not None
        assert "请先排险，马上报来" in reminder.text  # which goes before signing for it
        assert item.id in reminder.text
        assert problem[:20] in reminder.text
        assert problem not in reminder.text
        assert requirement not in reminder.text
        pressed = [one.data for row in reminder.buttons for one in row]
        assert [f"1.item.acknowledge.{item.id}", f"1.item.open.{item.id}"] == [pressed[0], pressed[-1]]


async def test_a_proposal_is_gone_once_the_card_is_given(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        await remind_unit_heads(work)
        assert await rendered(work, "card_proposal", "P03", item_id="RI04", card="yellow") is not None
        await give_card(work, await who(work, "P03"), "RI04", WarningCard.YELLOW)
        assert await rendered(work, "card_proposal", "P03", item_id="RI04", card="yellow") is None


async def test_nothing_is_told_to_somebody_it_concerns_no_more(county: OpenWork) -> None:
    async with county() as work:
        assert await rendered(work, "item_reminder", "P15", item_id="RI02") is None
        assert await rendered(work, "item_review", "P05", item_id="RI03") is None
        assert await rendered(work, "item_event", "nobody", item_id="RI02", version=1) is None


async def test_a_board_where_a_member_is_shut_out_by_now_is_not_told_of_an_answer(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work)
        await work.session.execute(update(Team).where(Team.id == "T1").values(board_address=address_of(-1001)))
        answered = notice_of("case_answered_by_item", {"case_id": case.id})
        assert await rendered_for(work, "board:T1", answered) is not None
        work.session.add(Recusal(staff_id="P07", unit_id="U1", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        assert await rendered_for(work, "board:T1", answered) is None


async def test_the_office_is_told_when_a_years_holidays_are_not_known(county: OpenWork) -> None:
    for moment, expected in ((at(23), False), (at(5, month=1, year=2027), True)):
        async with county(now=moment) as work:
            await remind_unit_heads(work)
            keys = [entry.args["digest"] for entry in await queued(work, "item_digest") if entry.staff_id == "P04"]
            digest = await rendered(work, "item_digest", "P04", digest=keys[-1])
            assert digest is not None
            assert ("extra_holidays" in digest.text) is expected
