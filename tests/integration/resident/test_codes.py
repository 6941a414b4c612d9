"""What a printed code opens, and what is said when it opens nothing."""

from datetime import date

import pytest

from channels.telegram.address import address_of
from models.rounds import PlaceKind, QrCode, Round
from models.states import RoundState
from qr.token import Token, TokenKind, write
from services.access.contacts import OfficeContacts
from services.intake.place import Place, Shut, ShutBecause, scan
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.integration.resident.conftest import token_for

SERIAL = "testAAAA"
CHAT = address_of(1)


async def test_a_villages_code_names_its_unit_and_its_team(county: OpenWork) -> None:
    async with county() as work:
        place = await scan(work, await token_for(work, "V06"), CHAT)
        assert isinstance(place, Place)
        assert (place.name, place.unit_id, place.team_id, place.team_name) == ("双槐村", "U2", "T2", "县委第二巡察组")


async def test_a_units_code_names_its_team(county: OpenWork) -> None:
    async with county() as work:
        place = await scan(work, await token_for(work, "U5"), CHAT)
        assert isinstance(place, Place)
        assert (place.village_id, place.unit_id, place.team_id) == (None, "U5", "T2")


async def test_the_rounds_own_code_names_no_team(county: OpenWork) -> None:
    async with county() as work:
        work.session.add(QrCode(serial=SERIAL, round_id="R6", place_kind=PlaceKind.ROUND, place_id=None))
        await work.session.flush()
        place = await scan(work, write(work.keyring.qr_secret, Token(TokenKind.POSTER, SERIAL)), CHAT)
        assert isinstance(place, Place)
        assert (place.name, place.unit_id, place.team_id) == (None, None, None)


@pytest.mark.parametrize("token", ["", "p", "pAAAAAAAABBBBBBBBBBBB", "k7Qm2xP9", "x" * 64])
async def test_a_code_we_never_wrote_opens_nothing_and_names_the_other_doors(county: OpenWork, token: str) -> None:
    async with county() as work:
        shut = await scan(work, token, CHAT)
        assert isinstance(shut, Shut)
        assert shut.because == ShutBecause.FORGED
        assert shut.contacts.phone == "0000-0000000(示例)"


async def test_without_a_code_the_other_doors_are_named(county: OpenWork) -> None:
    async with county() as work:
        assert await scan(work, None, CHAT) == Shut(ShutBecause.NO_CODE, await _doors(work))


async def test_an_invitation_is_no_poster(county: OpenWork) -> None:
    async with county() as work:
        poster = await token_for(work, "V06")
        invitation = write(work.keyring.qr_secret, Token(TokenKind.INVITATION, poster[1:9]))
        assert await scan(work, invitation, CHAT) == Shut(ShutBecause.FORGED, await _doors(work))


async def test_a_revoked_code_opens_nothing_and_its_neighbour_still_does(county: OpenWork) -> None:
    async with county() as work:
        token = await token_for(work, "V06")
        (await work.session.get_one(QrCode, token[1:9])).revoked_at = NOW
        await work.session.flush()
        shut = await scan(work, token, CHAT)
        assert isinstance(shut, Shut)
        assert shut.because == ShutBecause.REVOKED
        assert isinstance(await scan(work, await token_for(work, "V05"), CHAT), Place)


async def test_a_past_rounds_code_opens_nothing_and_names_the_doors_of_the_present_one(county: OpenWork) -> None:
    async with county() as work:
        shut = await scan(work, write(work.keyring.qr_secret, Token(TokenKind.POSTER, "oldR5t0k")), CHAT)
        assert isinstance(shut, Shut)
        assert shut.because == ShutBecause.OVER
        assert shut.contacts.phone is not None


async def test_a_round_that_has_not_begun_says_when_it_does(county: OpenWork) -> None:
    async with county() as work:
        token = await token_for(work, "V06")
        round_ = await work.session.get_one(Round, "R6")
        round_.stay_from = date(2026, 12, 1)
        shut = await scan(work, token, CHAT)
        assert isinstance(shut, Shut)
        assert (shut.because, shut.opens_on) == (ShutBecause.NOT_YET_OPEN, "2026-12-01")
        round_.state = RoundState.PREPARING
        assert await scan(work, token, CHAT) == shut


async def test_the_last_day_of_intake_is_a_day_of_intake(county: OpenWork) -> None:
    async with county() as work:
        token = await token_for(work, "V06")
        round_ = await work.session.get_one(Round, "R6")
        round_.intake_until = date(2026, 11, 22)
        assert isinstance(await scan(work, token, CHAT), Place)
        round_.intake_until = date(2026, 11, 21)
        assert isinstance(await scan(work, token, CHAT), Shut)


async def _doors(work: UnitOfWork) -> OfficeContacts:
    shut = await scan(work, "nonsense", CHAT)
    assert isinstance(shut, Shut)
    return shut.contacts
