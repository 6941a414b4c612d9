"""The pages of an installation on localhost, and where the printed codes of its places lead."""

from bot.config import WebSettings
from tests.deployment import Deployment


def with_pages(deployment: Deployment) -> Deployment:
    """Give an installation pages on a free port; who leaves them is led to the simulator's own host."""
    pages = WebSettings(public_url="http://127.0.0.1", port=0, leave_url=f"{deployment.simulator.base_url}/elsewhere")
    deployment.config = deployment.config.model_copy(update={"web": pages})
    return deployment


def base_url(deployment: Deployment) -> str:
    """Return where the pages of a running installation are."""
    assert deployment.product is not None
    assert deployment.product.pages is not None
    return deployment.product.pages.local_url


async def page_of_code(deployment: Deployment, place_id: str | None = "V02") -> str:
    """Return the path to which the printed code of a place leads."""
    token = (await deployment.link(place_id)).partition("start=")[2]
    return f"/r/{token}"
