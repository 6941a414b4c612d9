"""A unit's head and an item, on their phone: a month from the order until it is cleared, and an overdue day between."""

import re

from tests.e2e import month
from tests.e2e.wall import Wall


async def test_a_head_has_an_item_from_its_order_to_its_end_and_reads_nothing_of_the_reporter(wall: Wall) -> None:
    county_leader = await wall.add_phone("county-leader", "鲍新城")
    item_id = await month.order(wall)
    await month.acknowledge_and_plan(wall)
    await month.come_to_half_time(wall)
    await month.answer_half_way(wall)
    await month.remind_and_warn(wall, item_id)
    await month.hand_in(wall)
    await month.clear(wall, county_leader, item_id)
    case_id = re.findall(r"\b\d{8}\b", await wall.board.node.inner_text())[0]
    read, code = await wall.received("head"), await wall.resident.code.inner_text()
    await wall.resident.type(code)
    await wall.resident.reads(month.RESULT)
    assert month.ORDER in read
    # the reporter, where they reported it, and another unit of the county
    assert [hidden for hidden in ("不给说法", "反映", "花塘", case_id, *code.split()) if hidden in read] == []
