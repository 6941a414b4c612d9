"""The pages of an installation, as its settings ask for them."""

from collections.abc import Callable

from bot.config import Config
from handlers.context import BotLinks
from services.resources import Resources
from web.app import make_app
from web.desk.desk import Desk
from web.desk.views import DeskViews
from web.pages import Pages
from web.resident.door import Door, FetchFile
from web.resident.views import PageLinks, ResidentViews

MakePages = Callable[[FetchFile, Callable[[], None], Callable[[], BotLinks]], Pages]


def make_pages(config: Config, resources: Resources) -> MakePages | None:
    """Return what makes the pages; None where the settings give them no address."""
    settings = config.web
    if settings.public_url is None:
        return None
    links = PageLinks(settings.leave_url, settings.public_url.startswith("https://"))

    def make(fetch: FetchFile, committed: Callable[[], None], bot_links: Callable[[], BotLinks]) -> Pages:
        resident = ResidentViews(resources, Door(resources, fetch, committed), links)
        desk = Desk(resources, fetch, committed, bot_links, settings.desk_hours)
        return Pages(
            make_app(resident, DeskViews(resources, desk, is_secure=links.is_secure)), settings.host, settings.port
        )

    return make
