"""What the posters of a round say: one for each village that its teams come to."""

from collections.abc import Callable, Collection

from sqlalchemy import select

from models.rounds import Assignment, County, PlaceKind, Round, Village
from qr.poster_words import Poster
from services.rounds.codes import PrintedPlace, codes_at, replace_codes, token_of
from services.unit_of_work import UnitOfWork
from texts.terminal import sentence


class NoPosters(Exception):
    """A round whose posters cannot be printed yet; the message says what is missing."""


async def posters(
    work: UnitOfWork,
    round_id: str,
    link: Callable[[str], str],
    bot: str = "",
    *,
    villages: Collection[str] | None = None,
) -> list[Poster]:
    """Gather the posters of a round in the order of its villages; all, or those of some (ids).

    `link` makes a token into what its code says, `bot` is the bot's username, where there is one.
    A village whose codes were all revoked gets a new one. Raises NoPosters.
    """
    county = await work.session.get_one(County, 1)
    inspection_round = await work.session.get_one(Round, round_id)
    notice = inspection_round.notice
    if not notice:
        raise NoPosters(sentence("cli.no_notice", round=round_id))
    query = (
        select(Village)
        .join(Assignment, Assignment.unit_id == Village.unit_id)
        .where(Assignment.round_id == round_id)
        .order_by(Village.unit_id, Village.id)
    )
    if villages is not None:
        query = query.where(Village.id.in_(villages))
    known, found = await work.directory(), []
    for village in list(await work.session.scalars(query)):
        team = known.team_at(round_id, village.unit_id, village.id)
        place = PrintedPlace(round_id, PlaceKind.VILLAGE, village.id)
        codes = await codes_at(work, place)
        code = codes[0] if codes else await replace_codes(work, place)
        found.append(
            Poster(
                county=county.name,
                round_title=inspection_round.name,
                theme=inspection_round.theme,
                village=village.name,
                team=team.name if team else county.office,
                accepts=notice["accepts"],
                not_accepted=notice["not_accepted"],
                phone=notice["phone"],
                phone_hours=notice["phone_hours"],
                mailbox=notice["mailbox"],
                intake_from=inspection_round.stay_from,
                intake_until=inspection_round.intake_until,
                link=link(token_of(work, code)),
                bot=bot,
                serial=code.serial,
                office=county.office,
            )
        )
    if not found:
        raise NoPosters(sentence("cli.no_villages", round=round_id))
    return found
