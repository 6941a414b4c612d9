"""The form in which a unit collects what it has done: words, files of a kind, figures; and hands it in."""

from collections import Counter
from html import escape
from typing import Any

from handlers import forms
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step
from handlers.items.files import fit_file
from handlers.items.labels import number, numbers_text
from handlers.items.paper_forms import hand_in_paper, item_checked
from media.kinds import FileKind
from models.rectification import EvidenceKind, RectificationItem
from models.states import PaperKind
from services.rectification.figures import read_numbers
from services.rectification.item_log import item_seen
from services.rectification.unit_actions import (
    COLLECTING_FORM,
    MOST_FILES,
    NothingHandedIn,
    Numbers,
    drop_files,
    keep_file,
)
from texts.catalogue import Html
from texts.message import Message, Rows, in_rows

LONGEST_SUBMISSION = 2500  # characters, all texts together: the reviewers get them in one message
_PHOTOS_ONLY = frozenset({EvidenceKind.BEFORE, EvidenceKind.AFTER})
_NUMBERS = "numbers"  # the step, and the button that leads to it


async def _item(form: FormContext) -> RectificationItem:
    return await item_seen(form.context.work, form.who, form.subject_id)


def collected_so_far(form: FormContext) -> dict[str, Any]:
    """Return what was collected so far: texts, files with their kinds, and of which kind the next one is."""
    nothing = {"texts": [], "files": [], "kind": EvidenceKind.AFTER.value, "asks_numbers": False}
    found: dict[str, Any] = form.answers.get("evidence", nothing)
    return found


def _kinds(form: FormContext) -> Rows:
    """Return the buttons that say of which kind the next file is, and the one that leads to the figures."""
    chosen = collected_so_far(form)["kind"]
    kinds = []
    for kind in EvidenceKind:
        mark = "● " if kind == chosen else ""
        label = f"{mark}{form.words.plain(f'item.evidence_{kind}')}"
        kinds.append(form.choice(label, kind.value, of_step="evidence"))
    figures = form.choice(form.words.plain("item.button_numbers"), _NUMBERS, of_step="evidence")
    return (*in_rows(kinds, 2), (figures,))


async def _ask_for_evidence(form: FormContext) -> Message:
    text = form.words("item.submit_prompt", number=number(await _item(form)))
    return Message(text, (*_kinds(form), (form.cancel,)))


async def read_one_more(form: FormContext, entered: FormInput) -> dict[str, Any]:
    """Put one more text or file with the rest."""
    collected = collected_so_far(form)
    texts, files = collected["texts"], collected["files"]
    if entered.file is None and not entered.text:
        raise Rejected(form.words("item.only_text_and_files"))
    file = None if entered.file is None else fit_file(form, entered.file, "item.only_text_and_files")
    if sum(map(len, [*texts, entered.text])) > LONGEST_SUBMISSION:
        raise Rejected(form.words("item.submission_too_long", most=LONGEST_SUBMISSION))
    if file is not None and len(files) >= MOST_FILES:
        raise Rejected(form.words("item.too_many_files", most=MOST_FILES))
    added = []
    if file is not None:
        kind = EvidenceKind(collected["kind"])
        if file.kind is not FileKind.PHOTO and kind in _PHOTOS_ONLY:
            kind = EvidenceKind.DOCUMENT
        added.append([await keep_file(form.context.work, await _item(form), file, kind), kind.value])
    more = [entered.text] if entered.text else []
    return {**collected, "texts": [*texts, *more], "files": [*files, *added], "asks_numbers": False}


async def _choose_kind(form: FormContext, value: str) -> dict[str, Any]:
    """Say of which kind the next files are, or go on to the figures."""
    if value == _NUMBERS:
        form.answers.pop(_NUMBERS, None)
        return {**collected_so_far(form), "asks_numbers": True}
    if value not in list(EvidenceKind):
        raise Rejected(form.words("item.press_unknown"))
    return {**collected_so_far(form), "kind": value, "asks_numbers": False}


async def _ask_for_numbers(form: FormContext) -> Message:
    none = form.choice(form.words.plain("item.button_no_numbers"), "none")
    return Message(form.words("item.numbers_prompt"), ((none,), (form.cancel,)))


async def _read_numbers(form: FormContext, entered: FormInput) -> dict[str, int | None]:
    numbers = read_numbers(entered.text)
    if numbers is None:
        raise Rejected(form.words("item.numbers_please"))
    return {
        "households_done": numbers.households_done,
        "households_total": numbers.households_total,
        "money_recovered": numbers.money_recovered,
        "people_dealt_with": numbers.people_dealt_with,
    }


async def _choose_no_numbers(_form: FormContext, _value: str) -> None:
    return None


async def _show_evidence(form: FormContext) -> Message:
    collected, words, item = collected_so_far(form), form.words, await _item(form)
    count = Counter(kind for _, kind in collected["files"])
    kinds = [words.plain("item.text_count", count=len(collected["texts"]))] if collected["texts"] else []
    kinds += [
        words.plain("item.kind_count", kind=words.plain(f"item.evidence_{kind}"), count=count[kind])
        for kind in EvidenceKind
        if count[kind]
    ]
    comma = words.plain("staff.list_comma")
    lines = [words("item.collected", number=number(item), files=comma.join(kinds) or words.plain("item.no_files"))]
    if collected["texts"]:
        text = escape("\n".join(collected["texts"]), quote=False)
        lines.append(Html(f"<blockquote expandable>{text}</blockquote>"))
    numbers = _numbers(form)
    lines += [numbers_text(words, numbers)] if numbers is not None else []
    lines.append(words("item.next_file_is", kind=words.plain(f"item.evidence_{collected['kind']}")))
    if not collected["files"] and numbers is None:
        lines.append(words("item.lacks_evidence"))
    if not item.system_built and not item.system_not_needed:
        lines.append(words("item.lacks_system"))
    return Message(Html("\n".join(lines)), _kinds(form))


def _numbers(form: FormContext) -> Numbers | None:
    given = form.answers.get(_NUMBERS)
    return Numbers(**given) if given else None


async def _hand_in(form: FormContext) -> FormOutcome:
    collected = collected_so_far(form)
    content = {"texts": collected["texts"], "files": collected["files"], "numbers": form.answers.get(_NUMBERS)}
    try:
        return await hand_in_paper(form, PaperKind.SUBMISSION, content)
    except NothingHandedIn:
        raise FormRefused(form.words("item.nothing_handed_in"), keeps_open=True) from None


async def drop_collected(form: FormContext) -> None:
    """Forget the files that were collected in a form."""
    await drop_files(form.context.work, [file_id for file_id, _ in collected_so_far(form)["files"]])


SUBMIT_ITEM = Form(
    COLLECTING_FORM,
    (
        Step("evidence", _ask_for_evidence, read_one_more, _choose_kind),
        Step(
            _NUMBERS,
            _ask_for_numbers,
            _read_numbers,
            _choose_no_numbers,
            skip=lambda form: not collected_so_far(form)["asks_numbers"],
        ),
    ),
    check=lambda form: item_checked(form, PaperKind.SUBMISSION),
    preview=_show_evidence,
    send_label="item.button_hand_in",
    send=_hand_in,
    revise=lambda _form, _given: "evidence",
    any_preview_sends=True,
    too_late="item.press_too_late",
    discard=drop_collected,
    area="item",
)
forms.register(SUBMIT_ITEM)
