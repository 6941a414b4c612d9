"""/alarms: what of the process itself does not go well, and what to do about it."""

from datetime import date
from itertools import groupby

from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.shares import share
from models.evaluation import ProcessAlarm, ProcessAlarmKind
from models.share import Share
from services.access.member import Member
from services.directory import Directory
from services.evaluation.alarms import alarms_for, lacking_working_papers, sees_alarms
from services.evaluation.notices import ProcessAlarms
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, in_rows

LISTED = 8  # alarms of one kind
_OF_ITEMS = (ProcessAlarmKind.UNOWNED, ProcessAlarmKind.NO_PHOTO)
_BUTTONS = 12


@command("alarms")
async def show_alarms(context: HandlerContext, who: Member) -> None:
    """List the alarms that are not over, by kind, each kind with what to do; and how many items lack working papers."""
    if not sees_alarms(who):
        await context.say(Message(context.words("grade.alarms_not_yours")))
        return
    words, alarms = context.words, await alarms_for(context.work, who)
    known, lacking = await context.work.directory(), await lacking_working_papers(context.work, who)
    title = words("grade.alarms_title", count=len(alarms)) if alarms else words("grade.alarms_none")
    lines = [words("finding.lacking", round=known.rounds[one].name, count=lacking[one]) for one in lacking]
    await context.say(await _listed(context.work, words, Html("\n".join([title, *lines])), alarms))


@renders_for_staff(ProcessAlarms)
async def process_alarms(work: UnitOfWork, reader: StaffReader, notice: ProcessAlarms) -> Message | None:
    """Tell what is new since a day and not over yet."""
    alarms = await alarms_for(work, reader.who, since=date.fromisoformat(notice.day))
    if not alarms:
        return None
    return await _listed(work, reader.words, reader.words("grade.alarms_new", count=len(alarms)), alarms)


async def _listed(work: UnitOfWork, words: Words, title: Html, alarms: list[ProcessAlarm]) -> Message:
    known, parts, buttons = await work.directory(), [title], list[Button]()
    for kind, group in groupby(alarms, key=lambda one: one.kind):
        of_kind = list(group)
        lines = [words(f"grade.alarm_{kind}", count=len(of_kind))]
        lines += [_line(words, known, work.today, one) for one in of_kind[:LISTED]]
        if len(of_kind) > LISTED:
            lines.append(words("grade.alarm_more", count=len(of_kind) - LISTED))
        lines.append(words(f"grade.alarm_do_{kind}"))
        parts.append(Html("\n".join(lines)))
        if kind in _OF_ITEMS:
            buttons += [Button(one.subject, Press("item", "open", one.subject).pack()) for one in of_kind[:LISTED]]
    return Message(Html("\n\n".join(parts)), in_rows(buttons[:_BUTTONS], 4))


def _line(words: Words, known: Directory, today: date, alarm: ProcessAlarm) -> Html:
    where = [
        known.teams[alarm.team_id].name if alarm.team_id and alarm.kind not in _OF_ITEMS else "",
        known.units[alarm.unit_id].name if alarm.unit_id else "",
        known.rounds[alarm.round_id].name if alarm.round_id and alarm.kind not in _OF_ITEMS else "",
    ]
    name = words.plain("staff.list_comma").join(filter(None, where))
    since = day(words, alarm.raised_on, today)
    if alarm.kind in _OF_ITEMS:
        return words("grade.alarm_item", number=alarm.subject, unit=name, since=since)
    return words("grade.alarm_line", name=name, share=_counted(words, alarm), since=since)


def _counted(words: Words, alarm: ProcessAlarm) -> Html:
    """Return the numbers of an alarm: of activity what it was and what it is, else a share."""
    if alarm.kind is ProcessAlarmKind.ACTIVITY_DROPS:
        return words("grade.alarm_from_to", first=alarm.whole, lately=alarm.part)
    return share(words, Share(alarm.part, alarm.whole))
