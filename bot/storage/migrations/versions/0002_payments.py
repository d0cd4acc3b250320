"""Payments, and wallets that may owe what a provider took back."""

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, PrimaryKeyConstraint, Text
from sqlalchemy import UniqueConstraint as Unique

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = BigInteger().with_variant(Integer(), "sqlite")
INSTANT = BigInteger  # milliseconds since 1970


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "payments",
        Column("id", ID),
        Column("user_id", BigInteger, ForeignKey("users.id", name=op.f("fk_payments_user_id")), nullable=False),
        Column("way", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("amount", BigInteger, nullable=False),
        Column("asked_units", BigInteger, nullable=False),
        Column("asked_currency", Text, nullable=False),
        Column("code", Text, nullable=False),
        Column("charge", Text),
        Column("url", Text),
        Column("draft_id", BigInteger),
        Column("receipt", Text),
        Column("receipt_kind", Text),
        Column("reason", Text, nullable=False),
        Column("admin_id", BigInteger),
        Column("created_at", INSTANT, nullable=False),
        Column("expires_at", INSTANT, nullable=False),
        Column("paid_at", INSTANT),
        Column("ended_at", INSTANT),
        Column("next_try_at", INSTANT),
        Column("tries", Integer, nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        CheckConstraint("amount > 0", name=op.f("ck_payments_amount")),
        CheckConstraint("asked_units > 0", name=op.f("ck_payments_asked")),
        Unique("code", name=op.f("uq_payments_code")),
        Unique("way", "charge", name=op.f("uq_payments_way_charge")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_payments_user"), "payments", ["user_id", "id"])
    op.create_index(op.f("ix_payments_state"), "payments", ["state", "expires_at"])
    # Written out: a constraint in ADD COLUMN is what both engines take and the library does not say.
    op.execute(
        "ALTER TABLE wallets ADD COLUMN owed BIGINT DEFAULT '0' NOT NULL CONSTRAINT ck_wallets_owed CHECK (owed >= 0)"
    )


def downgrade() -> None:
    """Never: what a newer shop wrote, an older one cannot read."""
    raise NotImplementedError("the books only move forward; restore a backup instead")
