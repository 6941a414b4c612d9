"""What is told of what is passed on to departments: to those who act for them, to the team, and to the office."""

from dataclasses import dataclass

from services.notice import CaseNotice, TransferNotice


class TransferSent(TransferNotice, kind="transfer_sent"):
    """To a department: something was passed on to it, and waits for its signature."""


class TransferDue(TransferNotice, kind="transfer_due"):
    """To a department: by when it must sign, or be done; to its head once that day has passed."""


class TransferCard(TransferNotice, kind="transfer_card"):
    """What was passed on, with its summary, for whoever opened it."""

    brief = None


class TransferExtended(TransferNotice, kind="transfer_extended"):
    """To a department: it was given more time."""


class TransferTakenBack(TransferNotice, kind="transfer_taken_back"):
    """To a department: what was passed on to it was taken back."""


class LeadProposed(TransferNotice, kind="lead_proposed"):
    """To who agrees to it: a leader wants a lead to go to the discipline organ."""


class LeadDeclined(CaseNotice, kind="lead_declined"):
    """To who leads where the case lies: the lead does not go to the discipline organ."""


@dataclass(frozen=True)
class DepartmentSigned(CaseNotice, kind="department_signed"):
    """To whose case it is: a department has signed for it."""

    department_id: str


@dataclass(frozen=True)
class DepartmentSentBack(CaseNotice, kind="department_sent_back"):
    """To whose case it is: a department has sent it back."""

    department_id: str


@dataclass(frozen=True)
class DepartmentAnswered(CaseNotice, kind="department_answered"):
    """To whose case it is: a department has reported what it did, and the reporters were told."""

    department_id: str


@dataclass(frozen=True)
class DepartmentAsksForTime(CaseNotice, kind="department_asks_for_time"):
    """To who leads where the case lies: a department asks for more time."""

    department_id: str
    reason: str


@dataclass(frozen=True)
class DepartmentLate(CaseNotice, kind="department_late"):
    """To the office: a department has not signed, or not answered, in time."""

    department_id: str


class BuckPassing(CaseNotice, kind="buck_passing"):
    """To the office: departments send a case back, one after the other."""
