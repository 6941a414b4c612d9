"""What residents said, shown in a member's private chat: protected from forwarding, recalled after a day."""

from handlers.actions import Done, NothingDone, Result, button
from handlers.cases.labels import number, place
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from media.kinds import FileKind
from models.complaints import Author, MessageKind
from privacy.traces import BLOCK
from services.access.member import Member
from services.cases.facts import facts_of
from services.cases.notices import CaseFile, CaseText
from services.cases.read_case import DialogueMessage, DialoguePage, NothingLeft, hand_over, read_file, read_page
from services.cases.unmask import may_unmask
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message, Rows, Upload, UploadKind


async def open_case(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring what was said in a case to the member's own chat."""
    try:
        await hand_over(context.work, who, press.subject)
    except NothingLeft:
        return NothingDone(context.words("team.nothing_left"))
    return Done(None if context.update.is_private else context.words("team.sent_in_private"), renew=False)


@renders_for_staff(CaseText)
async def case_text(work: UnitOfWork, reader: StaffReader, notice: CaseText) -> Message | None:
    page = DialoguePage(notice.message_ids, notice.part, notice.bare)
    case, dialogue = await read_page(work, reader.who, notice.case_id, page)
    if not dialogue:  # withdrawn since
        return None
    heading = Html(f"📄 {number(case)} · {place(reader.words, await facts_of(work, case))}")
    several = any(said.reporter > 1 for said in dialogue)
    blocks = [_block(work, reader.words, said, several=several) for said in dialogue]
    # What its writer took out stands between the same signs; and of a long text this may be a part without any.
    masks = any(said.is_masked and BLOCK in said.text for said in dialogue)
    footers = [reader.words("team.masked_footer")] if masks else []
    footers.append(reader.words("team.text_footer"))
    buttons: Rows = ()
    if masks and may_unmask(reader.who, case):
        buttons = ((button(reader.words, "team.action_unmask", Press("case", "unmask", case.id).pack()),),)
    return Message(Html("\n\n".join([heading, *blocks, *footers])), buttons, protect=True)


_UPLOADED_AS = {FileKind.PHOTO: UploadKind.PHOTO, FileKind.VOICE: UploadKind.VOICE, FileKind.VIDEO: UploadKind.VIDEO}


@renders_for_staff(CaseFile)
async def case_file(work: UnitOfWork, reader: StaffReader, notice: CaseFile) -> Message | None:
    case, file = await read_file(work, reader.who, notice.case_id, notice.message_id)
    otherwise = reader.words("team.file_not_shown", number=number(case))
    upload = Upload(_UPLOADED_AS.get(file.kind, UploadKind.DOCUMENT), file.data, file.suffix, otherwise)
    return Message(Html(f"📄 {number(case)}"), protect=True, upload=upload)


def _block(work: UnitOfWork, words: Words, said: DialogueMessage, *, several: bool) -> Html:
    day = said.sent_at.astimezone(work.zone).strftime("%m-%d")
    if said.author == Author.REPORTER:
        who = (
            words("team.said_by_reporter_n", n=said.reporter, day=day)
            if several
            else words("team.said_by_reporter", day=day)
        )
    elif said.kind == MessageKind.QUESTION:
        who = words("team.asked_by_team", day=day)
    else:
        who = words("team.said_by_team", day=day)
    return Html(f"{who}\n{words('team.quote', text=said.text)}")
