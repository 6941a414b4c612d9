"""What is said in an entry of the docket or in a task: of an item as it stands, of a case sealed to its round."""

from models.complaints import Case
from models.docket import DocketEntry, Task
from models.rectification import RectificationItem
from services.access.member import Member
from services.cases.dialogue import refuse_contact_details
from services.cases.identity_probing import masked_for
from services.cases.masking import hidden
from services.rectification.masking import masked_for_all
from services.unit_of_work import UnitOfWork
from texts.catalogue import SOURCE

LONGEST_WORDS = 600  # characters


async def fit_to_keep(
    work: UnitOfWork, who: Member, text: str, *, item: RectificationItem | None = None, case: Case | None = None
) -> str:
    """Return words without what leads to a reporter; that any was there is told. Raises ContainsContact."""
    await refuse_contact_details(work, text)
    if case is not None:
        text = await masked_for(work, who, case, text)
    if item is not None:
        text = await masked_for_all(work, who, item, text)
    [text] = hidden([text], SOURCE)
    return text


def keep_words(work: UnitOfWork, row: DocketEntry | Task, case: Case | None, **words: str) -> None:
    """Keep words beside those that are there."""
    whole = words_of(work, row, case) | words
    if case is None:
        row.words = whole
    else:
        row.sealed = work.keyring.round(case.round_id).sealing.seal_json(_record_of(row), whole)


def words_of(work: UnitOfWork, row: DocketEntry | Task, case: Case | None) -> dict[str, str]:
    """Return what is said; nothing of a case once the key of its round is destroyed."""
    if case is None:
        return dict(row.words)
    if row.sealed is None or case.round_id not in work.keyring.round_ids():
        return {}
    said: dict[str, str] = work.keyring.round(case.round_id).sealing.open_json(_record_of(row), row.sealed)
    return said


def _record_of(row: DocketEntry | Task) -> str:
    return f"{row.__tablename__}:{row.id}"
