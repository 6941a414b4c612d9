"""What the staff look for among cases, an index by which it is found, and lists that teams bring to compare

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "case_searches",
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_searches_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_case_searches")),
    )
    op.create_index("ix_cases_newest", "cases", ["desk", "received_at", "id"])
    op.create_table(
        "name_lists",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_name_lists_round_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_name_lists_team_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_name_lists_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_lists")),
        sa.UniqueConstraint("round_id", "team_id", "digest", name=op.f("uq_name_lists_round_id_team_id_digest")),
    )
