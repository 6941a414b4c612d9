"""Nothing is public that two people have not approved as it is, and it is gone as soon as it is withdrawn."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.telegram.address import address_of
from models.audit import AuditEntry
from models.desk import DIRECTOR_DESK
from models.publication import Publication, PublicationApproval
from models.rectification import RectificationItem
from models.staff import Role, Staff, StaffRole
from models.states import Impossible, ItemState, NotEntitled, PublicationState
from services.people.approvers import WAITING_DAYS
from services.people.enrol import accept_invitation, accept_on_page, invite
from services.people.leaving import leave
from services.publication.choose_items import ChosenPhotos, choose_item, leave_out_item
from services.publication.content import PublicRound
from services.publication.public_page import looked_at_again, public_page
from services.publication.publications import (
    ApprovedAlready,
    ChangedSince,
    ItemNotDone,
    NotYetApprover,
    approve,
    ask_for_approval,
    begin,
    discard,
    prepared_of,
    send_back,
    shown_content,
    withdraw,
)
from services.publication.publications import approved_by as those_who_approved
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.unit_of_work import UnitOfWork
from tests.accounts import take_account
from tests.conftest import NOW, OpenWork
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
from tests.sample import SAMPLE


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


async def test_an_approval_of_somebody_who_has_left_counts_no_more(county: OpenWork) -> None:
    async with county() as work:
        publication = await asked(work)
        await approved_by(work, publication, "P02")
        await leave(work, "P02", by=DIRECTOR)
        assert await those_who_approved(work, publication) == []
        await approved_by(work, publication, DIRECTOR)
        assert await public_page(work, ROUND) is None
        await approved_by(work, publication, LEADING_GROUP)
        assert await public_page(work, ROUND) is not None


async def test_nor_does_one_of_somebody_who_has_another_office_now(county: OpenWork) -> None:
    async with county() as work:
        publication = await asked(work)
        await approved_by(work, publication, "P02")
        [held] = await work.session.scalars(select(StaffRole).where(StaffRole.staff_id == "P02"))
        held.role = Role.COUNTY_LEADER
        await work.session.flush()
        await approved_by(work, publication, DIRECTOR)
        assert await public_page(work, ROUND) is None


async def test_what_was_public_stays_when_one_of_the_two_leaves(county: OpenWork) -> None:
    async with county() as work:
        await published(work)
        await leave(work, LEADING_GROUP, by=DIRECTOR)
        assert await public_page(work, ROUND) is not None


# ---- who newly may approve


async def test_whoever_comes_in_by_a_directors_invitation_waits_and_the_others_are_told(county: OpenWork) -> None:
    async with county() as work:
        publication = await asked(work)
        await take_account(work.session, "P02")
        token = await invite(work, "P02", by=DIRECTOR)
        await accept_invitation(work, token, address_of(4711))
        told = await queued(work, "approver_joined")
        assert {one.staff_id for one in told} == {LEADING_GROUP}, "who made it knows, and it is about P02"
        assert {(one.args["staff_id"], one.args["by_id"]) for one in told} == {("P02", DIRECTOR)}
        await approved_by(work, publication, DIRECTOR)
        with pytest.raises(NotYetApprover) as refused:
            await approved_by(work, publication, "P02")
        assert refused.value.since == work.now + timedelta(days=WAITING_DAYS)
        assert await public_page(work, ROUND) is None
    async with county(now=NOW + timedelta(days=WAITING_DAYS)) as work:
        await approved_by(work, (await work.session.scalars(select(Publication))).one(), "P02")
        assert await public_page(work, ROUND) is not None


async def test_so_does_whoever_signs_in_on_the_pages_by_it(county: OpenWork) -> None:
    async with county() as work:
        publication = await asked(work)
        await take_account(work.session, "P02")
        await accept_on_page(work, await invite(work, "P02", by=DIRECTOR), hours=8)
        with pytest.raises(NotYetApprover):
            await approved_by(work, publication, "P02")


async def test_whoever_is_invited_on_the_command_line_or_approves_nothing_waits_for_nothing(county: OpenWork) -> None:
    async with county() as work:
        publication = await asked(work)
        for staff_id, by in (("P02", None), ("P06", DIRECTOR)):
            await take_account(work.session, staff_id)
            await accept_invitation(work, await invite(work, staff_id, by=by), address_of(4711 + int(staff_id[1:])))
            assert (await work.session.get_one(Staff, staff_id)).approves_from is None
        assert await queued(work, "approver_joined") == []
        await approved_by(work, publication, "P02", DIRECTOR)
        assert await public_page(work, ROUND) is not None


@pytest.mark.parametrize("by", [DIRECTOR, None])
async def test_whoever_a_county_file_lets_approve_waits_and_those_who_approve_are_told(
    county: OpenWork, by: str | None
) -> None:
    async with county() as work:
        publication = await asked(work)
        file = read_county(SAMPLE.read_text(encoding="utf-8"))
        [clerk] = [one for one in file.people if one.id == CLERK]
        more = clerk.model_copy(update={"id": "P99", "name": "新来的", "role": Role.LEADING_GROUP_MEMBER})
        file = file.model_copy(update={"people": [*file.people, more]})
        await import_county(work, file, by=by)
        told = {one.staff_id for one in await queued(work, "approver_joined")}
        assert told == {LEADING_GROUP, "P02", DIRECTOR} - {by}
        await approved_by(work, publication, DIRECTOR)
        with pytest.raises(NotYetApprover):
            await approved_by(work, publication, "P99")


async def test_in_a_county_where_nobody_could_approve_before_nobody_waits(county: OpenWork) -> None:
    async with county() as work:
        assert list(await work.session.scalars(select(Staff.id).where(Staff.approves_from.is_not(None)))) == []


# ---- a result whose item is reopened


@pytest.mark.parametrize(
    "changes",
    [{"state": ItemState.REOPENED}, {"desk": DIRECTOR_DESK}],
    ids=["reopened", "for few eyes"],
)
async def test_a_public_result_is_marked_as_soon_as_its_item_is_not_done_any_more(
    county: OpenWork, changes: dict[str, object]
) -> None:
    async with county() as work:
        publication = await published(work)
        before = await public_page(work, ROUND)
        item = await work.session.get_one(RectificationItem, DONE)
        for name, value in changes.items():
            setattr(item, name, value)
        await work.session.flush()
        page = await public_page(work, ROUND)
        assert before is not None
        assert page is not None
        assert before.looked_at_again == frozenset()
        assert page.looked_at_again == frozenset({1})
        assert page.content == before.content, "what was approved stays as it is"
        assert page.tag != before.tag, "a browser that has it asks for it anew"
        await withdraw(work, await who(work, CLERK), publication.id)
        assert await looked_at_again(work, publication) == frozenset()


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
