"""What is told of codes, of a county file that was imported, and the ledger of a round."""

from dataclasses import dataclass
from enum import StrEnum

from services.notice import ListNotice, Notice


class LedgerKind(StrEnum):
    """What the file of a ledger is."""

    EXCEL = "excel"
    CSV = "csv"

    @property
    def suffix(self) -> str:
        """How the file's name ends, without the dot."""
        return "xlsx" if self is LedgerKind.EXCEL else "csv"


@dataclass(frozen=True)
class NewCode(Notice, kind="new_code"):
    """To a director: what to print in place of a code."""

    serial: str
    link: str
    bot: str = ""  # the bot's username, where there is one


@dataclass(frozen=True)
class CasesCameToOffice(Notice, kind="cases_came_to_office"):
    """To the office: the teams of a round have left, and what was open is the office's now."""

    brief = "case"

    round_id: str


@dataclass(frozen=True)
class CasesLeftBehind(Notice, kind="cases_left_behind"):
    """To the leader of a team that has left: which open cases went to the office."""

    brief = "case"

    case_ids: tuple[str, ...]


@dataclass(frozen=True)
class VillageCame(Notice, kind="village_came"):
    """To a team: a village is theirs from now on, with what another team had of it."""

    round_id: str
    village_id: str


@dataclass(frozen=True)
class VillageGone(Notice, kind="village_gone"):
    """To who leads a team, and whoever had cases of a village: it is theirs no more."""

    brief = "case"

    round_id: str
    village_id: str
    case_ids: tuple[str, ...]  # that were the reader's


@dataclass(frozen=True)
class CountyImported(Notice, kind="county_imported"):
    """To the other directors: somebody imported a county file on the pages, and how much it added and changed."""

    by: str  # a staff id
    added: int
    changed: int


@dataclass(frozen=True)
class TeamJoined(Notice, kind="team_joined"):
    """To the leaders of a team: a county file that somebody imported on the pages put people on it."""

    team_id: str
    by: str  # a staff id
    people: tuple[str, ...]  # staff ids


@dataclass(frozen=True)
class LedgerFile(ListNotice, kind="ledger_file"):
    """To whoever takes it along: the ledger of a round, as they may see it when it is sent."""

    round_id: str
    file: LedgerKind
