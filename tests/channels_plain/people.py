"""People on the plain channel: they type, choose by number, and read what is printed."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from services.people.enrol import invite
from tests.channels_plain.plain import PlainChannel, Screen
from tests.house import House


@dataclass
class Person:
    """Somebody at a screen, known to the product by the id of their address alone."""

    house: House
    channel: PlainChannel
    id: str

    @property
    def screen(self) -> Screen:
        return self.channel.screens[self.id]

    async def types(self, line: str) -> str:
        """Type a line, wait until the product has nothing in hand, and return all that was printed upon it."""
        seen = len(self.screen.printed)
        await self.channel.type(self.id, line)
        await self.house.settled()
        return "\n".join(self.screen.printed[seen:])

    async def chooses(self, label: str) -> str:
        """Type the number that is printed before a choice."""
        last = next(one for one in reversed(self.screen.printed) if re.search(r"^\d+\. ", one, re.MULTILINE))
        found = re.search(rf"^(\d+)\. .*{re.escape(label)}", last, re.MULTILINE)
        assert found is not None, f"{label} is no choice of:\n{last}"
        return await self.types(found[1])

    async def scans(self, place: str) -> str:
        """Type what the printed code of a place says."""
        link = await self.house.link(place)
        return await self.types(f"/start {parse_qs(urlsplit(link).query)['start'][0]}")

    async def enrols_as(self, staff_id: str) -> str:
        """Type what the invitation of a staff member says."""
        async with self.house.database.transaction() as session:
            token = await invite(self.house.work(session), staff_id)
        return await self.types(f"/start {token}")

    @property
    def last(self) -> str:
        """What was printed last."""
        return self.screen.printed[-1]

    @property
    def read(self) -> str:
        """All that was ever printed."""
        return "\n".join(self.screen.printed)
