"""Which villages are another team's than their unit, and whose a record of a talk is

Revision ID: 0069
Revises: 0068
"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

# Until now the team of the unit read what was kept there.
_TEAM_OF_UNIT = """
UPDATE talk_records SET team_id = (
    SELECT assignments.team_id FROM assignments
    WHERE assignments.round_id = talk_records.round_id AND assignments.unit_id = talk_records.unit_id
)
"""


# There is no way back: who must go back restores the backup made before.
def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "levelled_up_villages",
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("village_id", sa.String(length=40), nullable=False),
        sa.Column("team_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_levelled_up_villages_round_id")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_levelled_up_villages_village_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_levelled_up_villages_team_id")),
        sa.PrimaryKeyConstraint("round_id", "village_id", name=op.f("pk_levelled_up_villages")),
    )
    with op.batch_alter_table("talk_records", schema=None) as table:
        table.add_column(sa.Column("team_id", sa.String(length=40), nullable=True))
        table.create_foreign_key(op.f("fk_talk_records_team_id"), "teams", ["team_id"], ["id"])
    op.execute(_TEAM_OF_UNIT)
