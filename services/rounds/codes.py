"""Printed codes: which one hangs at a place of a round, what it says, and how another takes its place."""

from dataclasses import dataclass

from sqlalchemy import select

from models.audit import Audited
from models.rounds import PlaceKind, QrCode
from qr.token import Token, TokenKind, new_serial, write
from services.audit.log import record
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class PrintedPlace:
    """Where a code hangs; the round's own leaflet hangs nowhere in particular and has no `place_id`."""

    round_id: str
    kind: PlaceKind
    place_id: str | None


async def codes_at(work: UnitOfWork, place: PrintedPlace) -> list[QrCode]:
    """Return the codes of a place that are not revoked."""
    query = select(QrCode).where(
        QrCode.round_id == place.round_id,
        QrCode.place_kind == place.kind,
        QrCode.place_id.is_not_distinct_from(place.place_id),
        QrCode.revoked_at.is_(None),
    )
    return list(await work.session.scalars(query.order_by(QrCode.serial)))


async def replace_codes(work: UnitOfWork, place: PrintedPlace, *, by: str | None = None) -> QrCode:
    """Revoke what hangs at a place, and return the new code that is valid there from now on; logged if any was."""
    revoked = await codes_at(work, place)
    for code in revoked:
        code.revoked_at = work.now
    code = QrCode(serial=new_serial(), round_id=place.round_id, place_kind=place.kind, place_id=place.place_id)
    work.session.add(code)
    await work.session.flush()
    if revoked:
        serials = [old.serial for old in revoked]
        await record(work, Audited.CODE_REPLACED, by=by, subject=code.serial, revoked=serials)
    return code


def token_of(work: UnitOfWork, code: QrCode) -> str:
    """Return what a code says when it is scanned."""
    return write(work.keyring.qr_secret, Token(TokenKind.POSTER, code.serial))
