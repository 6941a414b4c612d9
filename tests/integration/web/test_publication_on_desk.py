"""A publication on the staff's pages: prepared, looked at as it will be public, approved; the same as in a chat."""

import pytest

from handlers.publication.actions import ACTIONS
from models.publication import Publication
from models.states import PUBLICATION, PublicationState
from services.publication.publications import begin
from tests.browsing import Page
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.publication.story import CLERK, DIRECTOR, DONE, LEADING_GROUP, PROBLEM, RESULT, ROUND
from tests.integration.publication.test_photos import handed_in
from tests.integration.rectification.conftest import who
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import presses, signed_in
from tests.integration.web.test_desk_and_chat import offered_in_chat

PUBLIC = f"/results/{ROUND}"
# Who may do what in which state, written by hand.
PREPARING = {"look", "choose_item", "leave_out", "enter_villages", "enter_grade", "take_grades"} | {
    "ask_for_approval",
    "discard",
}
OFFERED = {
    PublicationState.DRAFT: {CLERK: PREPARING, DIRECTOR: PREPARING, LEADING_GROUP: {"look"}},
    PublicationState.AWAITING_APPROVAL: {
        CLERK: {"look", "send_back"},
        DIRECTOR: {"look", "approve", "send_back"},
        LEADING_GROUP: {"look", "approve", "send_back"},
    },
    PublicationState.PUBLISHED: {
        CLERK: {"look", "withdraw", "begin"},
        DIRECTOR: {"look", "withdraw", "begin"},
        LEADING_GROUP: {"look", "withdraw"},
    },
    PublicationState.REPLACED: {CLERK: {"look"}, DIRECTOR: {"look"}, LEADING_GROUP: {"look"}},
    PublicationState.WITHDRAWN: {CLERK: {"look", "begin"}, DIRECTOR: {"look", "begin"}, LEADING_GROUP: {"look"}},
    PublicationState.DISCARDED: {CLERK: {"begin"}, DIRECTOR: {"begin"}, LEADING_GROUP: set()},
}


async def a_draft(deployment: Deployment) -> str:
    """Begin a publication, and return its id."""
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        return (await begin(work, await who(work, CLERK), ROUND)).id


def results_of(page: Page) -> str:
    """Return what a public page says between its top and its foot."""
    return page.text.partition("查了什么，改了什么")[2]


async def test_from_the_first_choice_to_the_public_page(deployment: Deployment, open_browser: OpenBrowser) -> None:
    async with deployment.database.transaction() as session:
        await handed_in(deployment.work(session))
    clerk = await signed_in(deployment, open_browser, CLERK)
    await clerk.open("/desk/publish")
    await clerk.send("准备公开：十四届清禾县委第六轮巡察")
    await clerk.send("1.publication.choose_item")
    at = clerk.page.url
    await clerk.send("add", text=DONE)
    await clerk.send("add", text="找邢立")
    assert "“邢立”是干部的名字，不能公开" in clerk.page.text
    await clerk.send("add", text=PROBLEM)
    await clerk.send("add", text=RESULT)
    shown = clerk.page.pictures
    assert len(shown) == 3
    for address in shown:
        assert (await clerk.open(address)).status == 200
    await clerk.open(at)
    await clerk.send(next(data for data in presses(clerk.page) if data.endswith(".100")))  # the first is 'before'
    await clerk.send("照片选好了")
    await clerk.send("1.form.send")
    assert "已放进去" in clerk.page.text
    for address in shown:
        assert (await clerk.open(address)).status == 404, "nothing is asked any more"
    await clerk.open(at)
    preview = await clerk.open(clerk.page.link("看网页上的样子"))
    [photo] = preview.pictures
    assert (await clerk.open(photo)).status == 200
    stranger = await open_browser()
    assert (await stranger.open(PUBLIC)).status == 404
    assert PROBLEM not in (await stranger.open(preview.url)).text
    await clerk.open(at)
    await clerk.send("1.publication.ask_for_approval")
    for staff_id in (DIRECTOR, LEADING_GROUP):
        approver = await signed_in(deployment, open_browser, staff_id)
        await approver.open(at)
        await approver.send("1.publication.approve")
        assert "已记下您的同意" in approver.page.text
    public = await stranger.open(PUBLIC)
    assert results_of(public) == results_of(preview)
    [photo] = public.pictures
    assert (await stranger.open(photo)).headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("staff_id", [CLERK, DIRECTOR, LEADING_GROUP, "P05", "P14", "P25"])
async def test_a_page_offers_in_every_state_what_the_chat_offers(
    deployment: Deployment, open_browser: OpenBrowser, staff_id: str
) -> None:
    publication_id = await a_draft(deployment)
    browser = await signed_in(deployment, open_browser, staff_id)
    for state, offered in OFFERED.items():
        async with deployment.database.transaction() as session:
            (await session.get_one(Publication, publication_id)).state = state
            await session.flush()
            expected = await offered_in_chat(deployment.work(session), "publication", staff_id, publication_id)
        page = await browser.open(f"/desk/publication/{publication_id}")
        assert presses(page) == expected, state
        assert {data.split(".")[2] for data in expected} == offered.get(staff_id, set()), state


def test_every_row_of_the_table_is_offered_to_somebody_and_follows_an_arrow() -> None:
    offered = {name for by_person in OFFERED.values() for names in by_person.values() for name in names}
    assert {action.name for action in ACTIONS} == offered - {"begin"}
    arrows = {arrow.action for arrow in PUBLICATION.transitions}
    assert {action.transition for action in ACTIONS if action.transition} == arrows - {"replace"}


@ONLY_SQLITE
@pytest.mark.parametrize("staff_id", ["P05", "P14", "P20", "P25"])
async def test_nobody_else_sees_it_before_it_is_public(
    deployment: Deployment, open_browser: OpenBrowser, staff_id: str
) -> None:
    publication_id = await a_draft(deployment)
    browser = await signed_in(deployment, open_browser, staff_id)
    assert "/desk/publish" not in str((await browser.open("/desk")).links)
    for address in ("", "/page", "/photo/" + "0" * 64, "/evidence/" + "0" * 32):
        page = await browser.open(f"/desk/publication/{publication_id}{address}")
        assert page.status == 404 or "没有这个编号" in page.text, address
    assert "由巡察办和领导小组来做" in (await browser.open("/desk/publish")).text
