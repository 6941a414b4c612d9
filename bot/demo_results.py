"""What came of the sample's earlier round, made public as an office would: prepared, and approved by two people."""

import asyncio
import io
from dataclasses import replace

from models.publication import Grade
from qr.fonts import BOLD, REGULAR
from services.access.member import member
from services.publication.choose_items import ChosenPhotos, choose_item, enter_grade
from services.publication.photos import keep_published_photo
from services.publication.publications import (
    LOOKED_AT,
    approve,
    ask_for_approval,
    begin,
    change_prepared,
    prepared_of,
)
from services.unit_of_work import UnitOfWork

_ROUND, _ITEM = "R5", "RI06"
_CLERK, _DIRECTOR, _LEADING_GROUP = "P04", "P03", "P01"
_RESULT = "全部固定资产重新盘点，逐件贴标登记，产权证照补办齐全，台账每季度核对一次。"
# As the county file tells them.
_GRADES = {
    "县粮食和物资储备中心党组": Grade.GOOD,
    "县林业局党组": Grade.MEDIUM,
    "县住房和城乡建设局党组": Grade.POOR,
}
_SIZE = (960, 600)  # pixels
_LINES = ("仓房", "地磅", "输送机", "运粮车", "化验设备")


async def publish_results(work: UnitOfWork) -> None:
    """Publish what came of the earlier round, with a drawing of the ledger before and after."""
    clerk, director = await member(work.session, _CLERK), await member(work.session, _DIRECTOR)
    publication = await begin(work, clerk, _ROUND)
    problem = "固定资产家底不清、权属不明。"
    publication = await choose_item(work, clerk, publication.id, _ITEM, problem, _RESULT, ChosenPhotos())
    drawn = [await asyncio.to_thread(_ledger, is_filled=is_filled) for is_filled in (False, True)]
    before, after = [await keep_published_photo(work, _ROUND, photo) for photo in drawn]
    prepared = prepared_of(publication)
    items = tuple(replace(item, before=(before,), after=(after,)) for item in prepared.items)
    await change_prepared(work, publication, replace(prepared, items=items))
    units = (await work.directory()).units.values()
    for unit in (unit for unit in units if unit.name in _GRADES):
        await enter_grade(work, clerk, publication.id, unit.id, _GRADES[unit.name])
    # The director asks and approves last: nothing of it waits on a phone of the demo.
    publication = await ask_for_approval(work, director, publication.id)
    looked_at = (publication.digest or "")[:LOOKED_AT]
    for staff_id in (_LEADING_GROUP, _DIRECTOR):
        await approve(work, await member(work.session, staff_id), publication.id, looked_at)


def _ledger(*, is_filled: bool) -> bytes:
    """Return a drawing of a ledger of assets, a JPEG."""
    from PIL import Image, ImageDraw, ImageFont

    heading, text = ImageFont.truetype(str(BOLD), 44), ImageFont.truetype(str(REGULAR), 32)
    picture = Image.new("RGB", _SIZE, "#d8cdb8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 40, 900, 560), fill="#fffdf8", outline="#8a7a5c", width=3)
    draw.text((480, 90), "固定资产台账", font=heading, fill="#211c19", anchor="mm")
    for row, name in enumerate(_LINES):
        top = 140 + 76 * row
        draw.line((90, top, 870, top), fill="#b9a988", width=2)
        draw.text((110, top + 38), name, font=text, fill="#211c19", anchor="lm")
        said, colour = ("已贴标　已登记", "#2e6b34") if is_filled else ("？　　　？", "#9e1b1e")
        draw.text((850, top + 38), said, font=text, fill=colour, anchor="rm")
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG", quality=70)
    return drawn.getvalue()
