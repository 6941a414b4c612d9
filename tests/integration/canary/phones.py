"""What reached the staff: every message, edit, file and answer, by whose phone it was."""

from tests.integration.canary.needles import Needle, found_in
from tests.integration.canary.planted import ACCOUNT_NEEDLES, NEVER, SAID_NEEDLES, TRACES
from tests.journey import Journey

TEAM = frozenset({"P05", "P06", "P07"})


def received(journey: Journey) -> dict[str, dict[str, bytes]]:
    """Return what everybody on the staff got so far, and what hung on the board."""
    places = {**journey.deployment.staff, "board": journey.board.chat}
    return {
        who: {
            f"{who}, {number}. {one.what}": one.data
            for number, one in enumerate(journey.simulator.received(place))
            if one.from_bot
        }
        for who, place in places.items()
    }


def wrongly_received(journey: Journey, more: list[Needle], *, unmasked: bool = False) -> list[str]:
    """Return what staff must not have got: traces only the team once its leader has unmasked the case.

    `more` is for nobody at all, as everything about the account is and what was never said.
    """
    wrong = []
    for who, got in received(journey).items():
        assert got, f"{who} got nothing at all"
        nobodys = [*ACCOUNT_NEEDLES, *NEVER, *more]
        masked = [] if who in TEAM and unmasked else TRACES
        others = [] if who in TEAM else SAID_NEEDLES
        wrong += found_in(got, [*nobodys, *masked, *others])
    return wrong
