"""Nothing is public that two people have not approved as it is, and it is gone as soon as it is withdrawn."""

import pytest
from sqlalchemy import select

from models.audit import AuditEntry
from models.desk import DIRECTOR_DESK
from models.publication import Publication, PublicationApproval
from models.rectification import RectificationItem
from models.states import Impossible, ItemState, NotEntitled, PublicationState
from services.publication.choose_items import ChosenPhotos, choose_item, leave_out_item
from services.publication.content import PublicRound
from services.publication.public_page import public_page
from services.publication.publications import (
    ApprovedAlready,
    ChangedSince,
    ItemNotDone,
    approve,
    ask_for_approval,
    begin,
    discard,
    prepared_of,
    send_back,
    shown_content,
    withdraw,
)
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.publication.story import (
    CLERK,
    DIRECTOR,
    DONE,
    LEADING_GROUP,
    PROBLEM,
    RESULT,
    ROUND,
    approved_by,
    asked,
    begun,
    published,
)
from tests.integration.rectification.conftest import queued, who


async def audited(work: UnitOfWork) -> list[tuple[str, str | None]]:
    entries = await work.session.scalars(select(AuditEntry).order_by(AuditEntry.number))
    return [(entry.action, entry.by_id) for entry in entries if entry.subject == ROUND]


async def test_what_two_people_approved_is_public_and_written_down(county: OpenWork) -> None:
    async with county() as work:
        publication = await asked(work)
        assert await public_page(work, ROUND) is None
        await approved_by(work, publication, DIRECTOR)
        assert publication.state == PublicationState.AWAITING_APPROVAL
        assert await public_page(work, ROUND) is None
        await approved_by(work, publication, LEADING_GROUP)
        page = await public_page(work, ROUND)
        assert page is not None
        [item] = page.content.items
        assert (item.problem, item.result, item.unit) == (PROBLEM, RESULT, "枫汊乡党委")
        assert await audited(work) == [
            ("approval_asked", CLERK),
            ("publication_approved", DIRECTOR),
            ("publication_approved", LEADING_GROUP),
            ("published", LEADING_GROUP),
        ]


async def test_nobody_approves_for_two(county: OpenWork) -> None:
    async with county() as work:
        publication = await asked(work)
        await approved_by(work, publication, DIRECTOR)
        with pytest.raises(ApprovedAlready):
            await approved_by(work, publication, DIRECTOR)
        assert await public_page(work, ROUND) is None


async def test_whoever_prepared_it_is_one_of_the_two_at_most(county: OpenWork) -> None:
    async with county() as work:
        director = await who(work, DIRECTOR)
        publication = await begin(work, director, ROUND)
        await ask_for_approval(work, director, publication.id)
        await approved_by(work, publication, DIRECTOR)
        assert await public_page(work, ROUND) is None
        await approved_by(work, publication, "P02")
        assert publication.state == PublicationState.PUBLISHED


@pytest.mark.parametrize("staff_id", [CLERK, "P05", "P06", "P14", "P20", "P25"])
async def test_only_the_director_and_the_leading_group_approve(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        publication = await asked(work)
        with pytest.raises(NotEntitled):
            await approved_by(work, publication, staff_id)


@pytest.mark.parametrize("staff_id", [LEADING_GROUP, "P05", "P14", "P25"])
async def test_only_the_office_prepares(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        with pytest.raises(NotEntitled):
            await begin(work, await who(work, staff_id), ROUND)
        publication = await begun(work)
        with pytest.raises(NotEntitled):
            await ask_for_approval(work, await who(work, staff_id), publication.id)


async def test_an_approval_counts_for_what_was_looked_at_alone(county: OpenWork) -> None:
    async with county() as work:
        publication = await asked(work)
        first = publication.digest or ""
        await approved_by(work, publication, DIRECTOR)
        await send_back(work, await who(work, LEADING_GROUP), publication.id)
        assert list(await work.session.scalars(select(PublicationApproval))) == []
        publication.prepared = publication.prepared | {"villages_visited": 3}
        await ask_for_approval(work, await who(work, CLERK), publication.id)
        assert publication.digest != first
        for looked_at in (first[:12], "", first[:3]):
            with pytest.raises(ChangedSince):
                await approve(work, await who(work, LEADING_GROUP), publication.id, looked_at)


async def test_content_that_was_changed_past_the_approvals_is_not_shown(county: OpenWork) -> None:
    async with county() as work:
        publication = await published(work)
        assert publication.content is not None
        forged = PublicRound.read(publication.content).pack() | {"theme": "另一个"}
        publication.content = forged
        await work.session.flush()
        assert await public_page(work, ROUND) is None


async def test_what_is_withdrawn_is_gone_at_once_and_comes_back_by_two_approvals_alone(county: OpenWork) -> None:
    async with county() as work:
        publication = await published(work)
        await withdraw(work, await who(work, CLERK), publication.id)
        assert await public_page(work, ROUND) is None
        with pytest.raises(Impossible):
            await approved_by(work, publication, "P02")
        another = await begin(work, await who(work, CLERK), ROUND)
        assert (another.version, another.prepared) == (2, publication.prepared)
        await ask_for_approval(work, await who(work, CLERK), another.id)
        await approved_by(work, another, DIRECTOR)
        assert await public_page(work, ROUND) is None
        await approved_by(work, another, "P02")
        page = await public_page(work, ROUND)
        assert page is not None
        assert page.content.version == 2


async def test_a_later_version_takes_the_place_of_the_one_before_when_it_is_approved(county: OpenWork) -> None:
    async with county() as work:
        first = await published(work)
        second = await begin(work, await who(work, CLERK), ROUND)
        page = await public_page(work, ROUND)
        assert page is not None
        assert page.digest == first.digest
        await ask_for_approval(work, await who(work, CLERK), second.id)
        await approved_by(work, second, DIRECTOR, LEADING_GROUP)
        assert (first.state, second.state) == (PublicationState.REPLACED, PublicationState.PUBLISHED)
        with pytest.raises(Impossible):
            await withdraw(work, await who(work, CLERK), first.id)


async def test_what_is_public_stays_as_it_was_approved_whatever_changes_after(county: OpenWork) -> None:
    async with county() as work:
        publication = await published(work)
        before = await public_page(work, ROUND)
        (await work.session.get_one(RectificationItem, DONE)).problem = "另一个问题"
        await work.session.flush()
        assert await public_page(work, ROUND) == before
        assert await shown_content(work, publication) == (before.content if before else None)


async def test_an_item_that_is_not_cleared_any_more_is_not_made_public(county: OpenWork) -> None:
    async with county() as work:
        publication = await begun(work)
        (await work.session.get_one(RectificationItem, DONE)).state = ItemState.REOPENED
        await work.session.flush()
        with pytest.raises(ItemNotDone):
            await ask_for_approval(work, await who(work, CLERK), publication.id)


@pytest.mark.parametrize("changes", [{"state": ItemState.REOPENED}, {"desk": DIRECTOR_DESK}])
async def test_an_item_that_may_be_public_no_more_when_it_is_approved_is_not(
    county: OpenWork, changes: dict[str, object]
) -> None:
    async with county() as work:
        publication = await asked(work)
        await approved_by(work, publication, DIRECTOR)
        item = await work.session.get_one(RectificationItem, DONE)
        for name, value in changes.items():
            setattr(item, name, value)
        await work.session.flush()
        with pytest.raises(ItemNotDone):
            await approved_by(work, publication, LEADING_GROUP)
        assert await public_page(work, ROUND) is None


async def test_a_number_is_never_that_of_another_result(county: OpenWork) -> None:
    async with county() as work:
        publication, clerk = await published(work), await who(work, CLERK)
        second = await begin(work, clerk, ROUND)
        await leave_out_item(work, clerk, second.id, 1)
        (await work.session.get_one(RectificationItem, "RI02")).state = ItemState.CLEARED
        await choose_item(work, clerk, second.id, "RI02", PROBLEM, RESULT, ChosenPhotos())
        await choose_item(work, clerk, second.id, DONE, PROBLEM, RESULT, ChosenPhotos())
        assert [(one.item_id, one.number) for one in prepared_of(publication).items] == [(DONE, 1)]
        assert [(one.item_id, one.number) for one in prepared_of(second).items] == [(DONE, 1), ("RI02", 2)]


async def test_a_draft_that_is_dropped_leaves_what_is_public(county: OpenWork) -> None:
    async with county() as work:
        await published(work)
        second = await begin(work, await who(work, CLERK), ROUND)
        await discard(work, await who(work, CLERK), second.id)
        page = await public_page(work, ROUND)
        assert page is not None
        assert page.content.version == 1
        assert (await begin(work, await who(work, CLERK), ROUND)).version == 3


async def test_two_do_not_begin_it_side_by_side(county: OpenWork) -> None:
    async with county() as work:
        first = await begin(work, await who(work, CLERK), ROUND)
        assert await begin(work, await who(work, DIRECTOR), ROUND) is first
        assert len(list(await work.session.scalars(select(Publication)))) == 1


async def test_those_who_may_approve_are_told_and_all_are_told_what_became_of_it(county: OpenWork) -> None:
    async with county() as work:
        publication = await asked(work)
        assert {one.staff_id for one in await queued(work, "approval_asked")} == {"P01", "P02", "P03"}
        await approved_by(work, publication, DIRECTOR, LEADING_GROUP)
        assert {one.staff_id for one in await queued(work, "publication_decided")} == {"P02", "P03", "P04"}
