"""Each place that gives a file out stands here, with what the audit log says of it, or why it says nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.audit import Audited

ROOT = Path(__file__).parents[2]
# What gives a file out: a file with a message, an answer of a page that is no page, a file that a command writes.
_GIVING = frozenset({"Upload", "sent_file", "file_to_keep", "write_file", "whole_file"})
_CODE = ROOT / "handlers", ROOT / "web", ROOT / "channels", ROOT / "bot" / "cli", ROOT / "services"

# Where a file is given out: the module and the function.
LOGGED: dict[str, Audited] = {
    "handlers/cases/reading.py case_file": Audited.OPENED,
    "web/desk/views.py DeskViews.file": Audited.OPENED,
    "handlers/rounds/code_alarm.py new_code": Audited.CODE_REPLACED,
    "handlers/cases/head_file.py head_file_ready": Audited.HEAD_FILE_COMPILED,
    "web/desk/head_file_views.py HeadFileViews.print": Audited.HEAD_FILE_COMPILED,
    "handlers/cases/special_briefs.py brief_file": Audited.BRIEF_PRINTED,
    "web/desk/views.py DeskViews.brief_file": Audited.BRIEF_PRINTED,
    "handlers/letters/letters.py letter_file": Audited.LETTER_TAKEN,
    "web/desk/views.py DeskViews.letter_file": Audited.LETTER_TAKEN,
    "handlers/revisits/draw_list.py draw_list_file": Audited.DRAW_LIST_TAKEN,
    "web/desk/views.py DeskViews.draw_file": Audited.DRAW_LIST_TAKEN,
    "handlers/items/working_papers.py opened_working_paper": Audited.WORKING_PAPER_READ,
    "web/desk/views.py DeskViews.working_paper": Audited.WORKING_PAPER_READ,
    "handlers/items/printout.py unit_printout": Audited.UNIT_PRINTED,
    "web/desk/views.py DeskViews.printout": Audited.UNIT_PRINTED,
    "bot/cli/printout.py printout": Audited.UNIT_PRINTED,
    "handlers/polls/notices.py poll_slips": Audited.POLL_PRINTED,
    "web/desk/poll_views.py PollViews.print": Audited.POLL_PRINTED,
    "handlers/fieldwork/receipts.py entry_receipt": Audited.ENTERED,
    "handlers/evaluation/files.py round_file": Audited.RECTIFICATION_TAKEN,
    "web/desk/evaluation_views.py EvaluationViews.file": Audited.RECTIFICATION_TAKEN,
    "handlers/rounds/ledger.py ledger_file": Audited.LEDGER_TAKEN,
    "web/desk/round_views.py RoundViews.ledger": Audited.LEDGER_TAKEN,
    "web/desk/round_views.py RoundViews.print": Audited.PRINTED,
    "bot/cli/codes.py qr": Audited.PRINTED,
    "bot/cli/codes.py posters": Audited.PRINTED,
    "bot/cli/invitations.py invite": Audited.INVITED,
    "bot/cli/backup.py _back_up": Audited.BACKED_UP,
    "bot/cli/backup.py backup_keyring": Audited.KEYRING_BACKED_UP,
}
NOT_LOGGED: dict[str, str] = {
    "handlers/evaluation/weekly.py weekly_digest": "a picture of the numbers that stand beside it",
    "handlers/evaluation/rates.py rates_picture": "a picture of the numbers that stand beside it",
    "handlers/items/reviewing.py item_evidence": "a unit handed it in to them, for review",
    "web/desk/views.py DeskViews.photo": "a unit handed it in to them, for review",
    "web/desk/feedback_list_views.py FeedbackListViews.template": "nothing of the county is in it",
    "handlers/publication/notices.py publication_photo": "it is to be made public",
    "web/desk/publication_views.py PublicationViews.publication_photo": "it is to be made public",
    "web/desk/publication_views.py PublicationViews.evidence": "they are asked whether it is to be public",
    "web/results/views.py ResultsViews.csv": "it is public",
    "web/results/views.py ResultsViews.photo": "it is public",
    "handlers/resident/notices.py receipt_picture": "it is the resident's own",
    "web/resident/views.py ResidentViews.picture": "it is the resident's own",
    "web/resident/views.py _picture": "it is the resident's own",
    "web/app.py _static": "a file of the product",
    "web/desk/views.py sent_file": "what calls it stands here",
    "web/rendering.py file_to_keep": "what calls it stands here",
    "bot/cli/backup.py recovery_key": "a key before there is anything that it opens",
}


def giving() -> Iterator[str]:
    """Yield the functions that give a file out."""
    for folder in _CODE:
        for file in sorted(folder.rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            yield from (f"{file.relative_to(ROOT)} {name}" for name in _giving_in(tree, ""))


def _giving_in(node: ast.AST, within: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _giving_in(child, f"{within}{child.name}.")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(_gives, ast.walk(child))):
            yield f"{within}{child.name}"


def _gives(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return node.value == "Content-Disposition"
    if not isinstance(node, ast.Call):
        return False
    call, name = node, node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    answers = name in {"Response", "FileResponse", "StreamResponse"}
    return name in _GIVING or name == "FileResponse" or (answers and any(one.arg == "body" for one in call.keywords))


def test_each_place_that_gives_a_file_out_is_logged_or_says_why_not() -> None:
    assert sorted(giving()) == sorted([*LOGGED, *NOT_LOGGED])


@pytest.mark.parametrize("action", sorted(set(LOGGED.values())))
def test_what_is_said_to_be_logged_is_written_somewhere(action: Audited) -> None:
    written = [
        file
        for folder in (ROOT / "services", ROOT / "bot")
        for file in folder.rglob("*.py")
        if f"Audited.{action.name}" in file.read_text(encoding="utf-8")
    ]
    assert written
