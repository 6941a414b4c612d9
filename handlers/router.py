"""Routes each update to its handler: the first case that matches takes it."""

from handlers import by_number, forms, resident
from handlers.actions import SUBJECTS, do_action
from handlers.cases import (
    balancing,
    briefing,
    clusters,
    comparing,
    crisis_notices,
    digest,
    name_lists,
    on_call,
    searching,
    special_briefs,
    triaging,
    unmasking_notices,
)
from handlers.cases import lists as case_lists
from handlers.cases import notices as case_notices
from handlers.cases import subject as cases
from handlers.commands import COMMANDS
from handlers.context import HandlerContext
from handlers.docket import accountability, tasks
from handlers.docket import entries as docket
from handlers.evaluation import alarms as process_alarms
from handlers.evaluation import clearance, files, rates, report, weekly
from handlers.evaluation import subject as grades
from handlers.expected_files import expected_of_staff
from handlers.fieldwork import entering, evening_talks, places, receipts, talk_records
from handlers.incoming import (
    BotAdded,
    BotHeard,
    BotRemoved,
    BotSilenced,
    ButtonPress,
    Command,
    Edit,
    FileLate,
    GroupMoved,
)
from handlers.items import copies as item_copies
from handlers.items import drafting, feedback, origins, reviewing, self_reporting, sources
from handlers.items import notices as item_notices
from handlers.items import subject as items
from handlers.letters import letters, patterns
from handlers.old_buttons import answer_old_button
from handlers.people import (
    about,
    addresses,
    alerts,
    audit,
    boards,
    enrolment,
    fallback,
    granting,
    membership_notices,
    recusing,
    sign_in,
    staff,
)
from handlers.polls import notices as poll_notices
from handlers.polls import subject as polls
from handlers.publication import notices as publication_notices
from handlers.publication import objections
from handlers.publication import subject as publications
from handlers.revisits import checks as self_checks
from handlers.revisits import notices as revisit_notices
from handlers.revisits import subject as revisits
from handlers.rounds import code_alarm, hand_over_notices, import_notices, ledger
from handlers.rounds import lists as round_lists
from handlers.rounds import subject as rounds
from handlers.talks import bulletins, measures, talks
from handlers.transfers import departments, requests
from handlers.transfers import lists as transfer_lists
from handlers.transfers import notices as transfer_notices
from handlers.transfers import subject as transfers
from models.address import Address
from services.access.member import member_at
from services.intake.conversation_store import ExpectedFile, expected_file
from services.unit_of_work import UnitOfWork
from texts.message import Message

# Their commands, the areas of their buttons and their notices register themselves by being imported.
REGISTERED = (
    about,
    accountability,
    addresses,
    alerts,
    audit,
    balancing,
    boards,
    briefing,
    bulletins,
    case_lists,
    case_notices,
    cases,
    clearance,
    clusters,
    comparing,
    code_alarm,
    crisis_notices,
    digest,
    departments,
    docket,
    drafting,
    entering,
    evening_talks,
    feedback,
    files,
    grades,
    granting,
    hand_over_notices,
    import_notices,
    item_copies,
    item_notices,
    items,
    ledger,
    letters,
    measures,
    membership_notices,
    name_lists,
    objections,
    on_call,
    patterns,
    places,
    poll_notices,
    polls,
    process_alarms,
    publication_notices,
    publications,
    rates,
    receipts,
    report,
    recusing,
    requests,
    reviewing,
    revisit_notices,
    revisits,
    round_lists,
    rounds,
    searching,
    self_checks,
    origins,
    self_reporting,
    sign_in,
    sources,
    special_briefs,
    staff,
    talk_records,
    talks,
    tasks,
    transfer_lists,
    transfer_notices,
    transfers,
    triaging,
    unmasking_notices,
    weekly,
)


async def route(context: HandlerContext) -> None:
    """Let the right handler take an update."""
    match context.update.content:
        case ButtonPress():
            await _press(context)
        case BotAdded():
            await boards.bot_added(context)
        case BotRemoved():
            await boards.bot_removed(context)
        case BotSilenced():
            await boards.bot_silenced(context)
        case BotHeard():
            await boards.bot_heard(context)
        case GroupMoved() as moved:
            await boards.group_moved(context, moved)
        case FileLate():
            await resident.say_file_late(context)
        case _ if not context.update.is_private:
            await _group_message(context)
        case Edit() as edit if context.member is None or await resident.hears_edits(context):
            await resident.take_edit(context, edit)
        case Edit():
            await context.say(Message(context.words("staff.edit_not_taken")))
        case Command() as command:
            await _command(context, command)
        case _:
            await _message(context)


async def file_expected(work: UnitOfWork, address: Address) -> ExpectedFile | None:
    """Return what a file from a chat would be for: what somebody on the staff collects, or a complaint; None: nothing.

    No other file is fetched.
    """
    who = await member_at(work.session, address)
    expected = await expected_of_staff(work, who.id) if who else None
    return expected or await expected_file(work, address)


async def _press(context: HandlerContext) -> None:
    press = context.press
    subject = SUBJECTS.get(press.area) if press else None
    if press is not None and press.area == resident.AREA:
        await resident.take_press(context, press)
    elif press is not None and subject is not None:
        await do_action(context, subject, press)
    else:
        await answer_old_button(context)


async def _group_message(context: HandlerContext) -> None:
    match context.update.content:
        case Command("board"):
            await boards.offer(context)
        case Edit():
            return
        case _ if context.update.is_to_bot:
            await fallback.answer_group(context)


async def _command(context: HandlerContext, command: Command) -> None:
    who = context.member
    if command.name == "start" and enrolment.claims_invitation(command.args):
        await enrolment.take_invitation(context, command.args[0])
    elif who is not None and command.name == "cancel" and context.form is not None:
        await forms.drop(context, who)
        await context.say(Message(context.words("staff.cancelled")))
    elif who is not None and command.name in COMMANDS and not (command.name == "start" and command.args):
        await COMMANDS[command.name](context, who)
    elif command.name in resident.COMMANDS:
        await resident.take_command(context, command)
    elif who is not None:
        await about.help_(context, who)
    else:
        await resident.take_message(context)


async def _message(context: HandlerContext) -> None:
    """Take a message: what is meant as a resident's never goes to the staff, under its writer's name."""
    who, form = context.member, context.form
    if who is None:
        await resident.take_message(context)
    elif await resident.is_meant_for_resident(context):
        await resident.take_message(context)
        if form is not None and not await resident.has_open_conversation(context):  # the form is still open
            await context.say(Message(context.words("staff.no_answer")))
    elif form is not None:
        await forms.take_message(context, who, form)
    elif by_number.is_number(context):
        await by_number.open_by_number(context, who)
    else:
        await fallback.answer_staff(context)
