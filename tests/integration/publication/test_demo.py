"""The demo's public page shows what came of the sample's earlier round, with pictures, as it was approved."""

from bot.demo_results import publish_results
from services.publication.public_page import public_page, public_photo
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import queued


async def test_the_earlier_round_is_public_with_pictures_and_nothing_of_it_waits_for_the_director(
    county: OpenWork,
) -> None:
    async with county() as work:
        await publish_results(work)
        page = await public_page(work, "R5")
        assert page is not None
        [item] = page.content.items
        for photo in (*item.before, *item.after):
            found = await public_photo(work, "R5", photo)
            assert found is not None
            assert found.startswith(b"\xff\xd8")
        assert page.content.findings is not None
        assert (page.content.findings.solved, page.content.findings.found) == (1, 6)
        assert {one.unit for one in page.content.units if one.grade} == {
            "县粮食和物资储备中心党组",
            "县林业局党组",
            "县住房和城乡建设局党组",
        }
        assert all(one.findings is None for one in page.content.units), "no unit has five"
        told = await queued(work, "approval_asked", "publication_decided")
        assert "P03" not in {one.staff_id for one in told}
