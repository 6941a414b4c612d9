"""The pages of an installation, as its settings ask for them. Where there are none, nothing of them is loaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from bot.config import Config
from qr.link import Links
from services.resources import Resources

if TYPE_CHECKING:
    from web.pages import Pages
    from web.resident.conversations import FetchFile


class MakePages(Protocol):
    """Makes the pages."""

    def __call__(self, fetch: "FetchFile", committed: Callable[[], None], links: Callable[[], Links]) -> "Pages":
        """`fetch` fetches a file, `committed` is called after a commit, `links` says where links lead."""


def make_pages(config: Config, resources: Resources) -> MakePages | None:
    """Return what makes the pages; None where the settings give them no address."""
    settings = config.web
    if settings.public_url is None:
        return None
    is_secure = settings.public_url.startswith("https://")

    def make(fetch: "FetchFile", committed: Callable[[], None], links: Callable[[], Links]) -> "Pages":
        from web.app import make_app
        from web.desk.desk import Desk
        from web.desk.pages import DeskPages
        from web.pages import Pages
        from web.polls.views import PollViews
        from web.resident.conversations import Conversations
        from web.resident.views import PageLinks, ResidentViews
        from web.results.views import ResultsViews

        page_links = PageLinks(settings.leave_url, is_secure, lambda: links().bot)
        conversations = Conversations(resources, fetch, committed)
        resident = ResidentViews(resources, conversations, page_links)
        desk = Desk(resources, fetch, committed, links, settings.desk_hours)
        staff = DeskPages(resources, desk, is_secure=is_secure)
        results = ResultsViews(resources, conversations.crisis_help, committed)
        app = make_app(resident, staff, results, PollViews(resources))
        return Pages(app, settings.host, settings.port)

    return make
