"""/triage: many cases are sorted at once. Some are chosen, then what is done with them; both are looked at first."""

import re
from collections import Counter

from handlers import forms
from handlers.cases.labels import category
from handlers.cases.lists import case_line, line_in_list
from handlers.cases.sorting import choose_category
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, begin_by_command
from handlers.press import short_digest
from models.complaints import Case
from models.states import NotEntitled
from services.access.member import Member
from services.intake.triage import (
    Deed,
    Triaged,
    cases_to_triage,
    chosen_cases,
    deeds_for,
    people_to_give_to,
    triage,
)
from texts.catalogue import Html
from texts.message import Message, in_rows

_ALL = "all"
_OF_CATEGORY = "of-"
_TO = "to-"
_MOST_NUMBERS = 40
_RANGE = re.compile(r"(\d{1,2})\s*[-—–~～至到]\s*(\d{1,2})")
_MOST_CATEGORIES = 6  # that have a button


@command("triage")
async def show_triage(context: HandlerContext, who: Member) -> None:
    """Begin to sort what is nobody's yet on the desks that somebody leads."""
    try:
        await begin_by_command(context, who, TRIAGE)
    except NotEntitled:
        await context.say(Message(context.words("triage.leaders_only")))


# ---- which


async def _offered(form: FormContext) -> list[Case]:
    found = await cases_to_triage(form.context.work, form.who)
    if not found:
        raise FormRefused(form.words("triage.nothing"))
    return found


async def _ask_which(form: FormContext) -> Message:
    """List what is nobody's, with a number each; a button takes all, or all of one category."""
    words, found = form.words, await _offered(form)
    lines = [
        line_in_list(words, number, await case_line(form.context.work, words, case))
        for number, case in enumerate(found, start=1)
    ]
    known = await form.context.work.directory()
    counted = Counter(case.category for case in found).most_common(_MOST_CATEGORIES)
    choices = [form.choice(words.plain("triage.all", count=len(found)), _ALL)]
    choices += [
        form.choice(
            words.plain("triage.of_category", category=category(words, known.category(code)), count=count),
            _OF_CATEGORY + short_digest(code, 12),
        )
        for code, count in counted
        if len(counted) > 1
    ]
    text = Html("\n\n".join([words("triage.which"), *lines]))
    return Message(text, (*in_rows(choices, 2), (form.cancel,)), protect=True)


async def _read_which(form: FormContext, entered: FormInput) -> list[str]:
    """Take numbers of the list, also from one to another, or numbers of cases."""
    found = await _offered(form)
    by_name = {str(number): case.id for number, case in enumerate(found, start=1)} | {one.id: one.id for one in found}
    typed = _RANGE.sub(_spelled_out, entered.text.upper())
    names = [name for name in re.split(r"[\s,，、;；#]+", typed) if name]
    if not names or len(names) > _MOST_NUMBERS or not set(names) <= set(by_name):
        raise Rejected(form.words("triage.numbers_please", most=len(found)))
    return list(dict.fromkeys(by_name[name] for name in names))


def _spelled_out(found: re.Match[str]) -> str:
    first, last = sorted((int(found[1]), int(found[2])))
    return " ".join(map(str, range(first, last + 1)))


async def _choose_which(form: FormContext, value: str) -> list[str]:
    found = await _offered(form)
    chosen = [one for one in found if value in (_ALL, _OF_CATEGORY + short_digest(one.category, 12))]
    if not chosen:
        raise Rejected(form.words("team.press_unknown"))
    return [one.id for one in chosen]


# ---- what


async def _chosen(form: FormContext) -> list[Case]:
    found = await chosen_cases(form.context.work, form.who, form.answers["cases"])
    if not found:
        raise FormRefused(form.words("triage.gone"))
    return found


async def _ask_what(form: FormContext) -> Message:
    words, cases = form.words, await _chosen(form)
    deeds = deeds_for(form.who, cases)
    choices = [form.choice(words.plain(f"triage.deed_{deed}"), deed.value) for deed in deeds if deed is not Deed.GIVE]
    people = await people_to_give_to(form.context.work, cases) if Deed.GIVE in deeds else []
    choices += [form.choice(words.plain("triage.give_to", name=one.name), _TO + one.id) for one in people]
    return Message(words("triage.what", count=len(cases)), (*in_rows(choices, 2), (form.cancel,)))


async def _choose_what(form: FormContext, value: str) -> list[str]:
    if value.startswith(_TO):
        staff_id = value.removeprefix(_TO)
        if staff_id in {one.id for one in await people_to_give_to(form.context.work, await _chosen(form))}:
            return [Deed.GIVE.value, staff_id]
    elif value in deeds_for(form.who, await _chosen(form)) and value != Deed.GIVE:
        return [value, ""]
    raise Rejected(form.words("team.press_unknown"))


async def _ask_for_category(form: FormContext) -> Message:
    known = await form.context.work.categories()
    choices = [form.choice(one.name_in(form.words.language), short_digest(one.code, 16)) for one in known]
    return Message(form.words("triage.which_category"), (*in_rows(choices, 2), (form.cancel,)))


def _sets_no_category(form: FormContext) -> bool:
    return bool(form.answers.get("deed", [""])[0] != Deed.CATEGORY)


# ---- done


async def _show(form: FormContext) -> Message:
    """Show with which cases what will be done."""
    words, cases = form.words, await _chosen(form)
    lines = [
        line_in_list(words, number, await case_line(form.context.work, words, case))
        for number, case in enumerate(cases, start=1)
    ]
    return Message(Html("\n\n".join([await _deed_in_words(form, len(cases)), *lines])), protect=True)


async def _deed_in_words(form: FormContext, count: int) -> Html:
    (deed, staff_id), known = form.answers["deed"], await form.context.work.directory()
    set_to = form.answers.get("category")
    about = category(form.words, known.category(set_to)) if set_to else ""
    return form.words(f"triage.look_at_{deed}", count=count, name=known.names.get(staff_id, ""), category=about)


async def _do(form: FormContext) -> FormOutcome:
    deed, staff_id = form.answers["deed"]
    arg = form.answers.get("category", "") if deed == Deed.CATEGORY else staff_id
    try:
        found = await triage(form.context.work, form.who, form.answers["cases"], Deed(deed), arg)
    except NotEntitled:  # who was to get them may not see one of them any more
        raise FormRefused(form.words("triage.gone")) from None
    return FormOutcome(_outcome(form, found))


def _outcome(form: FormContext, found: Triaged) -> Html:
    done = form.words("triage.done", count=len(found.done))
    if not found.left:
        return done
    left = form.words("triage.left", cases=form.words("staff.list_comma").join(found.left))
    return Html(f"{done}\n{left}")


TRIAGE = Form(
    "triage",
    (
        Step("cases", _ask_which, _read_which, _choose_which),
        Step("deed", _ask_what, choose=_choose_what),
        Step("category", _ask_for_category, choose=choose_category, skip=_sets_no_category),
    ),
    check=_offered,
    preview=_show,
    send_label="triage.send",
    send=_do,
    too_late="triage.gone",
    gone="triage.gone",
)
forms.register(TRIAGE)
