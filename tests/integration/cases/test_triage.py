"""Many cases are sorted at once: by a leader, of what is nobody's yet; what does not fit one is left as it is."""

import pytest

from models.complaints import THANKS, Case
from models.desk import Desk
from models.states import CaseState, NotEntitled
from services.access.member import member
from services.cases.notices import CasesGiven
from services.intake.triage import Deed, cases_to_triage, people_to_give_to, triage
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay, queued_for
from tests.integration.web.desk import laid
from tests.story import PhoneUser

LEADER, MEMBER, COLLEAGUE, OTHER_LEADER, CLERK = "P05", "P06", "P07", "P08", "P04"


async def test_only_what_is_nobodys_on_the_desks_somebody_leads_is_sorted(county: OpenWork) -> None:
    async with county() as work:
        free, named = await lay(work, "路坏了"), await lay(work, "路灯坏了", shut_out=[LEADER])
        owned = await lay(work, "桥坏了", owner_id=MEMBER)
        elsewhere = await lay(work, "渠坏了", desk=Desk.team("T2"), team="T2")
        leader = await member(work.session, LEADER)
        assert await cases_to_triage(work, leader) == [free]
        for staff_id in (MEMBER, CLERK):
            with pytest.raises(NotEntitled):
                await cases_to_triage(work, await member(work.session, staff_id))
        found = await triage(work, leader, [free.id, named.id, owned.id, elsewhere.id], Deed.CLAIM)
        assert (found.done, set(found.left)) == ([free.id], {named.id, owned.id, elsewhere.id})
        assert [one.owner_id for one in (free, named, owned, elsewhere)] == [LEADER, None, MEMBER, None]


async def test_all_are_given_to_one_who_may_see_all_and_hears_it_once(county: OpenWork) -> None:
    async with county() as work:
        cases = [await lay(work, "路坏了"), await lay(work, "灯坏了", shut_out=[COLLEAGUE])]
        leader, ids = await member(work.session, LEADER), [one.id for one in cases]
        assert {one.id for one in await people_to_give_to(work, cases)} == {LEADER, MEMBER}
        with pytest.raises(NotEntitled):
            await triage(work, leader, ids, Deed.GIVE, COLLEAGUE)
        assert (await triage(work, leader, ids, Deed.GIVE, MEMBER)).left == []
        assert len(await queued_for(work, f"staff:{MEMBER}", CasesGiven.kind)) == 1


async def test_what_does_not_fit_one_of_them_is_left_out(county: OpenWork) -> None:
    async with county() as work:
        thanks, complaint = await lay(work, "谢谢", category=THANKS), await lay(work, "路坏了")
        danger = await lay(work, "桥要塌了", hazard=True)
        leader = await member(work.session, LEADER)
        ids = [thanks.id, complaint.id, danger.id]
        assert (await triage(work, leader, ids, Deed.THANKS)).done == [thanks.id]
        assert set((await triage(work, leader, ids, Deed.CATEGORY, "fees")).done) == {complaint.id, danger.id}
        assert (await triage(work, leader, ids, Deed.HINT)).done == [complaint.id]
        assert [one.state for one in (thanks, danger)] == [CaseState.CLOSED, CaseState.ASSIGNED]


async def test_on_a_phone_numbers_and_one_press_choose_and_one_more_does_it(deployment: Deployment) -> None:
    [account] = await deployment.enrol(LEADER)
    leader = PhoneUser(deployment.simulator, account)
    cases = [await laid(deployment, f"第{number}件") for number in range(3)]
    leader.say("/triage")
    listed = await leader.can_press("1.form.choose.triage-cases")
    assert "全部 3 件" in [one.text for row in listed.buttons for one in row]
    leader.say("7")
    await leader.reads("请写 1 到 3 的序号")
    leader.say("1-2")
    what = await leader.can_press("1.form.choose.triage-deed")
    assert "这 2 件怎么办" in what.text
    await leader.press("1.form.choose.triage-deed")  # the first button: whoever asks takes them
    await leader.press("1.form.send.triage")
    await leader.reads("办好了 2 件")
    async with deployment.database.reading() as session:
        owners = [(await session.get_one(Case, one)).owner_id for one in cases]
    assert sum(owner is not None for owner in owners) == 2
