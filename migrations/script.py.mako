"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision or "nothing"}
"""
# ruff: noqa: PLR0915 (as many statements as the tables need)

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    ${upgrades if upgrades else "pass"}
