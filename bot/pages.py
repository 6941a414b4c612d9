"""The pages of an installation, as its settings ask for them."""

from collections.abc import Callable

from bot.config import Config
from services.resources import Resources
from web.app import make_app
from web.pages import Pages
from web.resident.door import Door, FetchFile
from web.resident.views import PageLinks, ResidentViews


def make_pages(config: Config, resources: Resources) -> Callable[[FetchFile, Callable[[], None]], Pages] | None:
    """Return what makes the pages; None where the settings give them no address."""
    settings = config.web
    if settings.public_url is None:
        return None
    links = PageLinks(settings.leave_url, settings.public_url.startswith("https://"))

    def make(fetch: FetchFile, committed: Callable[[], None]) -> Pages:
        views = ResidentViews(resources, Door(resources, fetch, committed), links)
        return Pages(make_app(views), settings.host, settings.port)

    return make
