"""Clusters of cases about one matter, and special briefs with the instructions on them

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "clusters",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_of", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["category"], ["categories.code"], name=op.f("fk_clusters_category")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_clusters_round_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_clusters_team_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_clusters_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_clusters_of_team", "clusters", ["team_id", "raised_at"])
    op.create_table(
        "special_briefs",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("cluster_id", sa.String(length=8), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("households_done", sa.Integer(), nullable=False),
        sa.Column("written_by_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("lead_id", sa.String(length=40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("instruction", sa.LargeBinary(), nullable=True),
        sa.Column("instructed_by_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["cluster_id"], ["clusters.id"], name=op.f("fk_special_briefs_cluster_id")),
        sa.ForeignKeyConstraint(["instructed_by_id"], ["staff.id"], name=op.f("fk_special_briefs_instructed_by_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["staff.id"], name=op.f("fk_special_briefs_lead_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_special_briefs_round_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_special_briefs_team_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_special_briefs_unit_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["staff.id"], name=op.f("fk_special_briefs_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_briefs")),
    )
    op.create_index(op.f("ix_special_briefs_cluster_id"), "special_briefs", ["cluster_id"])
    op.create_index("ix_special_briefs_state", "special_briefs", ["state", "due_on"])
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cluster_id", sa.String(length=8), nullable=True))
        batch_op.create_foreign_key(op.f("fk_cases_cluster_id"), "clusters", ["cluster_id"], ["id"])
    op.create_index(op.f("ix_cases_cluster_id"), "cases", ["cluster_id"])
