"""People on the plain channel: they type, choose by number, and read what is printed."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from services.people.enrol import invite
from tests.channels_plain.plain import PlainChannel, Screen
from tests.deployment import Deployment


@dataclass(frozen=True)
class PlainChannelUser:
    """Somebody at a screen, known to the product by the id of their address alone."""

    deployment: Deployment
    channel: PlainChannel
    id: str

    @property
    def screen(self) -> Screen:
        return self.channel.screens[self.id]

    @property
    def read(self) -> str:
        """All that was ever printed."""
        return "\n".join(self.screen.printed)

    @property
    def last(self) -> str:
        """What was printed last."""
        return self.screen.printed[-1]

    @property
    def offered(self) -> str:
        """The message whose choices can be made now."""
        return next(one for one in reversed(self.screen.printed) if re.search(r"^\d+\. ", one, re.MULTILINE))

    async def types(self, line: str) -> str:
        """Type a line, wait until the product has nothing in hand, and return all that was printed upon it."""
        seen = len(self.screen.printed)
        await self.channel.type(self.id, line)
        await self.deployment.settled()
        return "\n".join(self.screen.printed[seen:])

    async def chooses(self, label: str) -> str:
        """Type the number that is printed before a choice."""
        found = re.search(rf"^(\d+)\. .*{re.escape(label)}", self.offered, re.MULTILINE)
        assert found is not None, f"{label} is no choice of:\n{self.offered}"
        return await self.types(found[1])

    async def scans(self, place: str) -> str:
        """Type what the printed code of a place says."""
        return await self._starts(await self.deployment.link(place))

    async def enrols_as(self, staff_id: str) -> str:
        """Type what the invitation of a staff member says."""
        async with self.deployment.database.transaction() as session:
            token = await invite(self.deployment.work(session), staff_id)
        return await self.types(f"/start {token}")

    async def _starts(self, link: str) -> str:
        return await self.types(f"/start {parse_qs(urlsplit(link).query)['start'][0]}")

    async def submits(self, place: str, said: str) -> str:
        """Scan, say something, ask to be told here, send it, and return what was printed upon that."""
        await self.scans(place)
        await self.types(said)
        await self.chooses("在这里告诉我")
        return await self.chooses("发送")
