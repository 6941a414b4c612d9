"""Where cards hang, what they say to whom, and that they never say what a resident said."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.bootstrap import duties
from channels.telegram.address import address_of
from handlers.cases.card import private_card
from models.address import Address
from models.complaints import Case
from models.delivery import OutboxRow, SentMessage
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.message_key import MessageKey
from models.recipient import Recipient
from models.rounds import Team
from models.staff import Recusal, RecusalState, StaffRole
from models.states import CaseState
from services.access.member import member
from services.cases.assign import NobodyMaySee, hand_to_team
from services.cases.cards import (
    KEPT_HOURS,
    bring_card,
    card_key,
    forget_cards,
    show_card,
    tell_in_charge,
)
from services.cases.claim import AlreadyClaimed, claim
from services.cases.news import log_news
from services.cases.notices import CaseCard, ReporterWrote
from services.delivery.recall import ListName, forget_card_at, list_key
from services.outbox import OutgoingMessage
from services.people.boards import BoardTaken, bind_board, lose_board, move_board
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.sealed_address import read_address
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, ONLY_POSTGRESQL, OpenWork
from tests.integration.cases.conftest import labels, lay, queued, queued_for, rendered
from tests.notices import args_of
from tests.sample import SAMPLE
from texts.catalogue import Words

GROUP = address_of(-1001)
U3: dict[str, Any] = {"desk": Desk.team("T3"), "team": "T3", "unit": "U3", "village": None}  # P12 is recused


async def bind(work: UnitOfWork, team_id: str, address: Address = GROUP) -> None:
    (await work.session.get_one(Team, team_id)).board_address = address
    await work.session.flush()


def card(case: Case, place: str) -> MessageKey:
    """Return the key of a card at a place: `board:T1`, or a staff id for their private chat."""
    return card_key(case.id, Recipient.parse(place) if ":" in place else Recipient.staff(place))


async def hang(work: UnitOfWork, case: Case, place: str, address: Address = GROUP) -> None:
    """Put a card where the sender would have put it."""
    of_case = {"case_id": case.id, "forget_at": forget_card_at(case)}
    work.session.add(SentMessage(message_key=card(case, place), address=address, message_id=77, **of_case))
    await work.session.flush()


async def places(work: UnitOfWork, case: Case) -> set[str]:
    return {
        name
        for name, outgoing in await queued(work)
        if outgoing.kind == "case_card" and args_of(outgoing)["case_id"] == case.id
    }


async def test_with_a_group_the_card_hangs_there_and_nowhere_else(county: OpenWork) -> None:
    async with county() as work:
        await bind(work, "T1")
        assert await places(work, await lay(work, "路坏了")) == {"board:T1"}


async def test_cards_that_were_sent_leave_no_row_that_would_tell_when_complaints_came(county: OpenWork) -> None:
    async with county() as work:
        await lay(work, "路坏了")
        keys = await work.session.scalars(select(OutboxRow.dedupe_key).where(OutboxRow.kind == "case_card"))
        assert set(keys) == {None}  # the sender keeps only rows that have a key


async def test_a_card_in_a_private_chat_is_renewed_after_its_holder_has_no_desk_any_more(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await hang(work, case, "P07", address_of(7))
        await work.session.execute(delete(StaffRole).where(StaffRole.staff_id == "P07"))
        await claim(work, await member(work.session, "P06"), case.id)
        [_, latest] = await queued_for(work, "staff:P07", "case_card")
        card = await rendered(work, "staff:P07", latest)
        assert card is not None
        assert case.id not in card.text


async def test_without_a_group_each_member_gets_the_card(county: OpenWork) -> None:
    async with county() as work:
        assert await places(work, await lay(work, "路坏了")) == {"staff:P05", "staff:P06", "staff:P07"}


async def test_a_card_that_a_member_must_not_see_stays_off_the_board(county: OpenWork) -> None:
    async with county() as work:
        await bind(work, "T3")
        case = await lay(work, "路坏了", **U3)
        assert await places(work, case) == {"staff:P11", "staff:P13"}
        assert await rendered(work, "board:T3", OutgoingMessage(CaseCard(case.id))) is None


async def test_a_card_on_the_board_says_no_more_once_a_member_is_recused(county: OpenWork) -> None:
    async with county() as work:
        await bind(work, "T1")
        case = await lay(work, "路坏了")
        await hang(work, case, "board:T1")
        work.session.add(Recusal(staff_id="P07", unit_id="U1", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        await claim(work, await member(work.session, "P06"), case.id)
        [_, latest] = await queued_for(work, "board:T1", "case_card")
        card = await rendered(work, "board:T1", latest)
        assert card is not None
        assert case.id not in card.text
        assert not card.buttons
        assert not [outgoing for name, outgoing in await queued(work) if name == "staff:P07"]


async def test_a_recusal_in_the_county_file_takes_cards_off_the_board_at_once(county: OpenWork) -> None:
    document = json.loads(SAMPLE.read_text(encoding="utf-8"))
    entry = next(person for person in document["people"] if person["id"] == "P07")
    entry["recusal"] = [{"unit": "U1", "state": "declared", "reason": "亲属"}]
    async with county() as work:
        await bind(work, "T1")
        case = await lay(work, "路坏了")
        await hang(work, case, "board:T1")
        await import_county(work, read_county(json.dumps(document)))
        [_, latest] = await queued_for(work, "board:T1", "case_card")
        card = await rendered(work, "board:T1", latest)
        assert card is not None
        assert case.id not in card.text
        assert await places(work, case) == {"board:T1", "staff:P05", "staff:P06"}
        await import_county(work, read_county(json.dumps(document)))
        assert len(await queued_for(work, "board:T1", "case_card")) == 2


async def test_a_recused_member_sees_nothing_of_a_card_they_had_in_private(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", **U3)
        await hang(work, case, "P12")
        outgoing = OutgoingMessage(CaseCard(case.id))
        card = await rendered(work, "staff:P12", outgoing)
        assert card is not None
        assert case.id not in card.text
        assert not card.buttons


async def test_a_farewell_reaches_only_those_who_had_the_card(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", **U3)
        outgoing = OutgoingMessage(CaseCard(case.id, farewell=True))
        assert await rendered(work, "staff:P11", outgoing) is None
        await hang(work, case, "P11")
        assert await rendered(work, "staff:P11", outgoing) is not None


async def test_a_card_taken_to_a_private_chat_is_renewed_with_the_boards(county: OpenWork) -> None:
    async with county() as work:
        await bind(work, "T1")
        case = await lay(work, "路坏了")
        await hang(work, case, "P06", address_of(1))
        await claim(work, await member(work.session, "P07"), case.id)
        assert await places(work, case) == {"board:T1", "staff:P06"}


async def test_bringing_a_card_takes_the_earlier_one_away(county: OpenWork) -> None:
    async with county() as work:
        await bind(work, "T1")
        case = await lay(work, "路坏了")
        await hang(work, case, "P06", address_of(1))
        await bring_card(work, case, await member(work.session, "P06"))
        kinds = [outgoing.kind for outgoing in await queued_for(work, "staff:P06")]
        assert kinds == ["delete", "case_card"]
        deletion = await work.session.scalar(select(OutboxRow).where(OutboxRow.kind == "delete"))
        assert deletion is not None
        assert deletion.address is not None  # where it hangs, wherever its reader is reached now
        assert read_address(work.keyring.outbox.open(deletion.record_id, deletion.address)) == address_of(1)
        assert await work.session.get(SentMessage, card(case, "P06")) is None


async def test_where_the_cards_of_a_closed_case_hang_is_forgotten_after_two_days(county: OpenWork) -> None:
    async with county() as work:
        await bind(work, "T1")
        closed = await lay(work, "路坏了", state=CaseState.CLOSED)
        going_on = await lay(work, "灯不亮")
        for case in (closed, going_on):
            for place in ("board:T1", "P06"):
                await hang(work, case, place)
        listed = list_key("P06", ListName.QUEUE)
        work.session.add(SentMessage(message_key=listed, address=address_of(1), message_id=78))
    kept = {card(going_on, place) for place in ("board:T1", "P06")} | {listed}
    for hours, left in ((48, kept | {card(closed, place) for place in ("board:T1", "P06")}), (50, kept)):
        async with county(now=NOW + timedelta(hours=hours)) as work:
            await forget_cards(work)
            assert set(await work.session.scalars(select(SentMessage.message_key))) == left
    assert forget_cards in duties()


async def test_the_card_of_a_closed_case_is_brought_for_a_day_alone(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", state=CaseState.CLOSED)
        await bring_card(work, case, await member(work.session, "P06"))
        *_, card = await queued_for(work, "staff:P06", "case_card")
        assert (card.key, card.delete_after_hours) == (None, KEPT_HOURS)


async def test_the_board_offers_to_claim_and_to_read_and_nothing_more(county: OpenWork) -> None:
    async with county() as work:
        await bind(work, "T1")
        case = await lay(work, "路坏了，李四家门口")
        outgoing = OutgoingMessage(CaseCard(case.id))
        card = await rendered(work, "board:T1", outgoing)
        assert card is not None
        assert list(labels(card)) == ["✋ 我来办", "📖 看内容"]
        assert case.id in card.text
        assert "上竹坞村（竹坞镇党委）" in card.text
        assert "李四" not in card.text
        await claim(work, await member(work.session, "P06"), case.id)
        card = await rendered(work, "board:T1", outgoing)
        assert card is not None
        assert list(labels(card)) == ["📖 看内容"]
        assert "阮知秋" in card.text


async def test_what_concerns_the_head_is_marked_for_the_leader(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(
            work, "书记", desk=Desk.leader("T1"), state=CaseState.RESTRICTED, concerns_head=True, village=None
        )
        card = await rendered(work, "staff:P05", OutgoingMessage(CaseCard(case.id)))
        assert card is not None
        assert "一把手" in card.text
        assert "竹坞镇党委" in card.text
        assert await places(work, case) == {"staff:P05"}


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant", "en"])
async def test_a_card_can_be_read_in_every_state_and_language(county: OpenWork, language: str) -> None:
    async with county() as work:
        for state in CaseState:
            case = await lay(work, "路坏了", state=state, hazard=True, suspected_spam=True, reopened=True)
            outgoing = OutgoingMessage(CaseCard(case.id))
            card = await rendered(work, "staff:P05", outgoing, language)
            assert card is not None
            assert case.id in card.text


async def test_a_members_card_on_which_a_case_can_only_be_read_says_why_in_every_state_and_whoever_has_it(
    county: OpenWork,
) -> None:
    async with county() as work:
        said = 0
        for state in CaseState:
            for owner in (None, "P06", "P07"):
                case = await lay(work, "路坏了", state=state, owner_id=owner)
                for staff_id in ("P03", "P05", "P06"):
                    card = await private_card(work, Words("zh_Hans"), await member(work.session, staff_id), case)
                    assert card is not None
                    # Below what every card says of a case, in a paragraph of its own.
                    _, _, why = card.text.partition("\n\n")
                    leaving_it = ("📖 看内容", "📝 组内备注", "⏫ 提级", "⚖️ 请领导小组定", "📋 记问责")
                    changing = [one for one in labels(card) if one not in leaving_it]
                    assert bool(why) == (not changing), (state, owner, staff_id, labels(card))
                    said += bool(why)
        assert said > len(CaseState)


async def test_the_office_hands_a_case_to_a_team_and_its_own_cards_close(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(
            work, "路坏了", desk=OFFICE_DESK, team=None, unit=None, village=None, state=CaseState.PENDING_ASSIGN
        )
        await hand_to_team(work, await member(work.session, "P04"), case.id, "T2")
        assert (case.desk, case.state) == (Desk.team("T2"), CaseState.ASSIGNED)
        assert [args_of(outgoing)["farewell"] for outgoing in await queued_for(work, "staff:P03", "case_card")][
            -1
        ] is True
        assert await queued_for(work, "staff:P09", "case_card")


async def test_what_concerns_a_head_is_handed_to_the_leader_alone(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "书记", desk=OFFICE_DESK, team=None, state=CaseState.PENDING_ASSIGN, concerns_head=True)
        await hand_to_team(work, await member(work.session, "P03"), case.id, "T1")
        assert case.desk == Desk.leader("T1")
        assert not await queued_for(work, "staff:P06", "case_card")


async def test_a_case_is_not_handed_to_a_team_where_nobody_may_see_it(county: OpenWork) -> None:
    async with county() as work:
        for staff_id in ("P08", "P09", "P10"):
            await work.session.merge(
                Recusal(staff_id=staff_id, unit_id="U1", state=RecusalState.ORDERED, reason="亲属")
            )
        case = await lay(work, "路坏了", desk=OFFICE_DESK, team=None, state=CaseState.PENDING_ASSIGN)
        with pytest.raises(NobodyMaySee):
            await hand_to_team(work, await member(work.session, "P04"), case.id, "T2")
        assert case.desk == OFFICE_DESK


async def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")

    async def press(staff_id: str) -> str:
        async with county() as work:
            who = await member(work.session, staff_id)
            seen = await work.session.get_one(Case, case.id)  # perhaps from before the other's commit
            try:
                await claim(work, who, case.id)
            except AlreadyClaimed as first:
                return first.owner
            return "won" if seen.owner_id == staff_id else "lost"

    for _ in range(5):
        outcomes = await asyncio.gather(press("P06"), press("P07"))
        async with county() as work:
            owned = await work.session.get_one(Case, case.id)
            winner = await member(work.session, owned.owner_id or "")
            assert sorted(outcomes) == sorted(["won", winner.name])
            owned.owner_id = None


@ONLY_POSTGRESQL  # SQLite has one writer: two transactions are never open at once
async def test_a_transaction_that_waited_for_the_winner_sees_the_winner(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
    waiting = asyncio.Event()

    async def late() -> str:
        async with county() as work:
            who = await member(work.session, "P07")
            seen = await work.session.get_one(Case, case.id)
            assert seen.owner_id is None  # the other has not committed yet
            waiting.set()
            with pytest.raises(AlreadyClaimed) as first:
                await claim(work, who, case.id)
            return first.value.owner

    async with county() as work:
        await claim(work, await member(work.session, "P06"), case.id)
        second = asyncio.create_task(late())
        await waiting.wait()
    assert await second == "阮知秋"


async def test_the_leader_makes_a_group_the_board_and_open_cases_hang_there(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await lay(work, "早办完了", state=CaseState.CLOSED)
        bound = await bind_board(work, await member(work.session, "P05"), "T1", GROUP)
        assert (bound.team.id, bound.open_cases) == ("T1", 1)
        assert [args_of(outgoing)["case_id"] for outgoing in await queued_for(work, "board:T1")] == [case.id]


async def test_binding_hangs_no_card_that_a_member_must_not_see(county: OpenWork) -> None:
    async with county() as work:
        await lay(work, "路坏了", **U3)
        bound = await bind_board(work, await member(work.session, "P11"), "T3", GROUP)
        assert bound.open_cases == 0
        assert not await queued_for(work, "board:T3")


async def test_a_group_is_the_board_of_one_team(county: OpenWork) -> None:
    async with county() as work:
        await bind_board(work, await member(work.session, "P05"), "T1", GROUP)
        with pytest.raises(BoardTaken):
            await bind_board(work, await member(work.session, "P08"), "T2", GROUP)


async def test_when_the_board_is_lost_the_leader_hears_and_cards_come_in_private(county: OpenWork) -> None:
    async with county() as work:
        await bind_board(work, await member(work.session, "P05"), "T1", GROUP)
        await lose_board(work, GROUP)
        [notice] = await queued_for(work, "staff:P05", "board_gone")
        assert await rendered(work, "staff:P05", notice) is not None
        assert "staff:P06" in await places(work, await lay(work, "路坏了"))


async def test_a_group_that_becomes_a_supergroup_stays_the_board(county: OpenWork) -> None:
    async with county() as work:
        await bind_board(work, await member(work.session, "P05"), "T1", GROUP)
        case = await lay(work, "路坏了")
        await move_board(work, GROUP, address_of(-100999))
        assert (await work.session.get_one(Team, "T1")).board_address == address_of(-100999)
        assert [args_of(outgoing)["case_id"] for outgoing in await queued_for(work, "board:T1")][-1] == case.id


async def test_news_of_a_case_goes_to_its_owner_else_to_the_board_else_to_all_who_see_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await tell_in_charge(work, case, ReporterWrote(case.id))
        assert {name for name, outgoing in await queued(work) if outgoing.kind == "case_reporter_wrote"} == {
            "staff:P05",
            "staff:P06",
            "staff:P07",
        }
        await bind(work, "T1")
        await tell_in_charge(work, case, ReporterWrote(case.id))
        assert await queued_for(work, "board:T1", "case_reporter_wrote")
        case.owner_id = "P07"
        await tell_in_charge(work, case, ReporterWrote(case.id))
        assert len(await queued_for(work, "staff:P07", "case_reporter_wrote")) == 2


async def test_news_of_a_case_tells_a_shut_out_member_nothing(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", **U3)
        await log_news(work, case, 1, answers=False)
        outgoing = OutgoingMessage(ReporterWrote(case.id))
        assert await rendered(work, "staff:P12", outgoing) is None
        assert await rendered(work, "board:T3", outgoing) is None
        assert await rendered(work, "staff:P13", outgoing) is not None


async def test_a_case_for_the_director_alone_can_be_worked_on_by_the_director(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(
            work, "组员收礼", desk=DIRECTOR_DESK, team=None, state=CaseState.RESTRICTED, concerns_team=True
        )
        await show_card(work, case)
        assert await places(work, case) == {"staff:P03"}
        await claim(work, await member(work.session, "P03"), case.id)
        assert case.owner_id == "P03"


async def test_what_names_a_teams_leader_is_not_handed_to_those_who_are_led(county: OpenWork) -> None:
    async with county() as work:
        how = {"desk": OFFICE_DESK, "team": None, "state": CaseState.PENDING_ASSIGN, "unit": None, "village": None}
        case = await lay(work, "组长收了钱", shut_out={"P08"}, **how)  # type: ignore[arg-type]
        with pytest.raises(NobodyMaySee):
            await hand_to_team(work, await member(work.session, "P04"), case.id, "T2")
        assert case.desk == OFFICE_DESK
        await hand_to_team(work, await member(work.session, "P04"), case.id, "T1")
        assert case.desk == Desk.team("T1")
