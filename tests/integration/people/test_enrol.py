"""Invitations: one use, one person, one account, for a while."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from channels.telegram.address import address_of
from models.address import Address
from models.staff import Invitation, Staff, StaffAddress
from models.states import NotEntitled
from qr.token import Token, TokenKind, write
from services.access.addresses import addresses_of
from services.access.member import Member, member, member_at
from services.people.addresses import AddressTaken, drop_address, give_address, put_first
from services.people.enrol import InvitationProblem, NotOnStaff, accept_invitation, choose_language, invite
from services.people.leaving import lock_out
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork

ACCOUNT, OTHER_ACCOUNT = address_of(7_100_000_001), address_of(7_100_000_002)


@pytest.fixture
async def staff(open_work: OpenWork) -> OpenWork:
    """Two people on the staff, neither enrolled, and one who has left."""
    async with open_work() as work:
        work.session.add(Staff(id="P06", name="阮知秋", title=None))
        work.session.add(Staff(id="P07", name="陶千里", title=None))
        work.session.add(Staff(id="P99", name="已离任", title=None, left_at=NOW))
    return open_work


async def test_an_invitation_makes_the_account_known(staff: OpenWork) -> None:
    async with staff() as work:
        accepted = await accept_invitation(work, await invite(work, "P06"), ACCOUNT)
        assert isinstance(accepted, Member)
        assert accepted.id == "P06"
        found = await member_at(work.session, ACCOUNT)
        assert found is not None
        assert found.id == "P06"


async def test_an_invitation_opens_once(staff: OpenWork) -> None:
    async with staff() as work:
        token = await invite(work, "P06")
        await accept_invitation(work, token, ACCOUNT)
        assert await accept_invitation(work, token, OTHER_ACCOUNT) == InvitationProblem.USED


async def test_pressing_the_own_link_again_is_no_error(staff: OpenWork) -> None:
    async with staff() as work:
        token = await invite(work, "P06")
        await accept_invitation(work, token, ACCOUNT)
        again = await accept_invitation(work, token, ACCOUNT)
        assert isinstance(again, Member)


async def test_an_invitation_expires(staff: OpenWork) -> None:
    async with staff() as work:
        token = await invite(work, "P06", valid_days=2)
    async with staff(now=NOW + timedelta(days=2)) as work:
        assert await accept_invitation(work, token, ACCOUNT) == InvitationProblem.EXPIRED
    async with staff(now=NOW + timedelta(days=2, seconds=-1)) as work:
        assert isinstance(await accept_invitation(work, token, ACCOUNT), Member)


async def test_a_new_invitation_makes_the_earlier_one_void(staff: OpenWork) -> None:
    async with staff() as work:
        earlier, later = await invite(work, "P06"), await invite(work, "P06")
        assert await accept_invitation(work, earlier, ACCOUNT) == InvitationProblem.EXPIRED
        assert isinstance(await accept_invitation(work, later, ACCOUNT), Member)


async def test_inviting_one_leaves_the_invitations_of_others_valid(staff: OpenWork) -> None:
    async with staff() as work:
        first = await invite(work, "P06")
        await invite(work, "P07")
        assert isinstance(await accept_invitation(work, first, ACCOUNT), Member)


async def test_one_account_stands_for_one_person(staff: OpenWork) -> None:
    async with staff() as work:
        await accept_invitation(work, await invite(work, "P06"), ACCOUNT)
        second = await invite(work, "P07")
        assert await accept_invitation(work, second, ACCOUNT) == InvitationProblem.ACCOUNT_TAKEN
        assert isinstance(await accept_invitation(work, second, OTHER_ACCOUNT), Member)


async def test_one_person_has_one_account_as_long_as_it_can_be_reached(staff: OpenWork) -> None:
    async with staff() as work:
        await accept_invitation(work, await invite(work, "P06"), ACCOUNT)
        assert await accept_invitation(work, await invite(work, "P06"), OTHER_ACCOUNT) == InvitationProblem.PERSON_TAKEN
        (await work.session.get_one(StaffAddress, ACCOUNT)).unreachable_since = NOW
        moved = await accept_invitation(work, await invite(work, "P06"), OTHER_ACCOUNT)
        assert isinstance(moved, Member)
        assert await member_at(work.session, ACCOUNT) is None


async def test_a_lost_phone_is_locked_out_at_once_and_a_new_one_gets_in(staff: OpenWork) -> None:
    async with staff() as work:
        await accept_invitation(work, await invite(work, "P06"), ACCOUNT)
        await lock_out(work, "P06")
        assert await member_at(work.session, ACCOUNT) is None
        accepted = await accept_invitation(work, await invite(work, "P06"), OTHER_ACCOUNT)
        assert isinstance(accepted, Member)


async def test_forged_tokens_and_poster_tokens_are_no_invitations(staff: OpenWork) -> None:
    async with staff() as work:
        token = await invite(work, "P06")
        serial = (await work.session.scalars(select(Invitation.serial))).one()
        poster = write(work.keyring.qr_secret, Token(TokenKind.POSTER, serial))
        unknown = write(work.keyring.qr_secret, Token(TokenKind.INVITATION, "Zz345678"))
        for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), poster, unknown, "i", ""):
            assert await accept_invitation(work, forged, ACCOUNT) == InvitationProblem.UNKNOWN


async def test_nobody_who_has_left_is_invited_or_let_in(staff: OpenWork) -> None:
    async with staff() as work:
        for nobody in ("P99", "P1000"):
            with pytest.raises(NotOnStaff):
                await invite(work, nobody)
        token = await invite(work, "P06")
        (await work.session.get_one(Staff, "P06")).left_at = NOW
        assert await accept_invitation(work, token, ACCOUNT) == InvitationProblem.UNKNOWN


async def test_of_two_accounts_that_open_one_link_at_once_one_gets_in(staff: OpenWork) -> None:
    async with staff() as work:
        token = await invite(work, "P06")

    async def open_link(account: Address) -> Member | InvitationProblem:
        async with staff() as work:
            return await accept_invitation(work, token, account)

    outcomes = await asyncio.gather(open_link(ACCOUNT), open_link(OTHER_ACCOUNT))
    assert sorted(isinstance(outcome, Member) for outcome in outcomes) == [False, True]
    assert InvitationProblem.USED in outcomes


async def test_the_chosen_language_is_kept(staff: OpenWork) -> None:
    async with staff() as work:
        await choose_language(work, await member(work.session, "P06"), "zh_Hant")
        assert (await member(work.session, "P06")).language == "zh_Hant"


async def reached_in_order(work: UnitOfWork, staff_id: str = "P06") -> list[str]:
    return [str(one) for one in await addresses_of(work.session, staff_id)]


MAILBOX = Address("mail", "ruan@county.example")


async def test_a_mail_address_is_no_account_that_stands_in_the_way_of_one(staff: OpenWork) -> None:
    async with staff() as work:
        await give_address(work, "P06", MAILBOX)
        assert not (await work.directory()).has_account("P06")
        assert isinstance(await accept_invitation(work, await invite(work, "P06"), ACCOUNT), Member)
        assert (await work.directory()).has_account("P06")
        assert await reached_in_order(work) == [str(ACCOUNT), str(MAILBOX)]


async def test_a_new_phone_takes_the_place_of_the_old_one_among_the_addresses(staff: OpenWork) -> None:
    async with staff() as work:
        await accept_invitation(work, await invite(work, "P06"), ACCOUNT)
        await give_address(work, "P06", MAILBOX)
        await put_first(work, await member(work.session, "P06"), MAILBOX)
        await work.session.execute(
            update(StaffAddress).where(StaffAddress.address == ACCOUNT).values(unreachable_since=work.now)
        )
    async with staff() as work:
        await accept_invitation(work, await invite(work, "P06"), OTHER_ACCOUNT)
        assert await reached_in_order(work) == [str(MAILBOX), str(OTHER_ACCOUNT)]


async def test_an_address_of_one_is_not_given_to_another(staff: OpenWork) -> None:
    async with staff() as work:
        assert await give_address(work, "P06", MAILBOX)
        assert not await give_address(work, "P06", MAILBOX)
        with pytest.raises(AddressTaken):
            await give_address(work, "P07", MAILBOX)
        assert not await drop_address(work, "P07", MAILBOX)
        with pytest.raises(NotEntitled):
            await give_address(work, "P99", Address("mail", "gone@county.example"))
