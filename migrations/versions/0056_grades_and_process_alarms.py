"""Grades of units, the digest of a week, and alarms on the process itself

Revision ID: 0056
Revises: 0055
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "round_evaluations",
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("computed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.String(length=40), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("with_places", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_evaluations_round_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["staff.id"], name=op.f("fk_round_evaluations_confirmed_by_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_evaluations")),
    )
    op.create_table(
        "report_cards",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("grade", sa.String(length=10), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round_evaluations.round_id"], name=op.f("fk_report_cards_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_report_cards_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_cards")),
        sa.UniqueConstraint("round_id", "unit_id", name=op.f("uq_report_cards_round_id_unit_id")),
    )
    op.create_index(op.f("ix_report_cards_unit_id"), "report_cards", ["unit_id"])
    op.create_table(
        "weekly_digest_rounds",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("told_to", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_weekly_digest_rounds")),
    )
    op.create_table(
        "process_alarms",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=True),
        sa.Column("unit_id", sa.String(length=100), nullable=True),
        sa.Column("team_id", sa.String(length=40), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Integer(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_process_alarms_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_process_alarms_unit_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_process_alarms_team_id")),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_process_alarms")),
    )
    op.create_index("ix_process_alarms_listed", "process_alarms", ["ended_on", "raised_on"])
    op.create_table(
        "process_alarm_rounds",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_process_alarm_rounds")),
    )
    op.add_column("rounds", sa.Column("score_sheet", sa.JSON(), nullable=True))
    op.create_index("ix_items_round", "rectification_items", ["round_id", "unit_id", "state"])
    op.create_index("ix_items_issued", "rectification_items", ["is_open", "issued_on", "id"])
    op.create_index("ix_items_since", "rectification_items", ["state", "state_since"])
    op.create_index("ix_item_events_event", "item_events", ["event", "at"])
