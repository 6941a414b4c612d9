"""All pages of the staff together."""

from collections.abc import Sequence

from aiohttp import web

from services.resources import Resources
from web.desk.desk import Desk
from web.desk.frame import Frame
from web.desk.sign_in import SignIn
from web.desk.views import DeskViews


class DeskPages:
    """Answers what the browsers of the staff ask for."""

    def __init__(self, resources: Resources, desk: Desk, *, is_secure: bool) -> None:
        frame = Frame(resources, desk, is_secure=is_secure)
        self._sign_in = SignIn(resources, desk, frame)
        self._views = DeskViews(resources, desk, frame, self._sign_in)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [*self._sign_in.routes(), *self._views.routes()]

    async def finish(self, app: web.Application) -> None:
        """Wait for what is under way."""
        await self._sign_in.finish(app)
