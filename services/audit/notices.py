"""What is told of the audit log."""

from dataclasses import dataclass

from services.notice import Notice


@dataclass(frozen=True)
class AuditSeal(Notice, kind="audit_seal"):
    """To the directors: what the audit log comes to, which nobody can change unseen from then on."""

    is_said_everywhere = True

    seal: str
