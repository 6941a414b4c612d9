"""All pages of the staff together."""

from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from services.resources import Resources
from web.desk.desk import Desk
from web.desk.evaluation_views import EvaluationViews
from web.desk.feedback_list_views import FeedbackListViews
from web.desk.field_views import FieldViews
from web.desk.find_views import FindViews
from web.desk.frame import Frame
from web.desk.head_file_views import HeadFileViews
from web.desk.import_views import ImportViews
from web.desk.name_list_views import NameListViews
from web.desk.poll_views import PollViews
from web.desk.publication_views import PublicationViews
from web.desk.round_views import RoundViews
from web.desk.sign_in import SignIn
from web.desk.views import DeskViews


class _Views(Protocol):
    def routes(self) -> Sequence[web.RouteDef]: ...


class DeskPages:
    """Answers what the browsers of the staff ask for."""

    def __init__(self, resources: Resources, desk: Desk, *, is_secure: bool) -> None:
        frame = Frame(resources, desk, is_secure=is_secure)
        self._sign_in = SignIn(resources, desk, frame)
        self._views: list[_Views] = [
            self._sign_in,
            DeskViews(resources, desk, frame, self._sign_in),
            FindViews(frame),
            RoundViews(frame),
            FieldViews(frame),
            EvaluationViews(frame),
            HeadFileViews(frame),
            PollViews(frame),
            PublicationViews(frame),
            ImportViews(resources, frame),
            FeedbackListViews(resources, frame),
            NameListViews(resources, frame),
        ]

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [route for views in self._views for route in views.routes()]

    async def finish(self, app: web.Application) -> None:
        """Wait for what is under way."""
        await self._sign_in.finish(app)
