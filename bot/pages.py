"""The pages of an installation, as its settings ask for them."""

from collections.abc import Callable
from typing import TypeAlias

from bot.config import Config
from qr.link import Links
from services.resources import Resources
from web.app import make_app
from web.desk.desk import Desk
from web.desk.views import DeskViews
from web.pages import Pages
from web.resident.door import Door, FetchFile
from web.resident.views import PageLinks, ResidentViews

# Makes the pages: given what fetches a file, what is to be called after a commit, and what says where links lead.
MakePages: TypeAlias = Callable[[FetchFile, Callable[[], None], Callable[[], Links]], Pages]


def make_pages(config: Config, resources: Resources) -> MakePages | None:
    """Return what makes the pages; None where the settings give them no address."""
    settings = config.web
    if settings.public_url is None:
        return None
    address = settings.public_url

    def make(fetch: FetchFile, committed: Callable[[], None], links: Callable[[], Links]) -> Pages:
        page_links = PageLinks(settings.leave_url, address.startswith("https://"), lambda: links().bot)
        resident = ResidentViews(resources, Door(resources, fetch, committed), page_links)
        desk = Desk(resources, fetch, committed, links, settings.desk_hours)
        app = make_app(resident, DeskViews(resources, desk, is_secure=page_links.is_secure))
        return Pages(app, settings.host, settings.port, address)

    return make
