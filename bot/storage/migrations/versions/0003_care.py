"""What makes ordering a pleasure: requests for refills and stops, mass orders, favourites, and talk with the shop."""

from alembic import op
from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, PrimaryKeyConstraint, Text, text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = BigInteger().with_variant(Integer(), "sqlite")
INSTANT = BigInteger  # milliseconds since 1970


def upgrade() -> None:
    """Add the tables, to which mass order an order belongs, and how many of its runs or posts are done."""
    for make in (_requests, _batches, _favourites, _tickets):
        make()
    op.execute("ALTER TABLE orders ADD COLUMN batch_id BIGINT")
    op.execute("ALTER TABLE orders ADD COLUMN parts_done BIGINT")
    op.create_index(op.f("ix_orders_batch"), "orders", ["batch_id"])


def downgrade() -> None:
    """Never: what a newer shop wrote, an older one cannot read."""
    raise NotImplementedError("the books only move forward; restore a backup instead")


def _requests() -> None:
    op.create_table(
        "requests",
        Column("id", ID),
        Column("order_id", ID, ForeignKey("orders.id", name=op.f("fk_requests_order_id")), nullable=False),
        Column("kind", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("panel_refill", Text),
        Column("words", Text, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("wanted_at", INSTANT, nullable=False),
        Column("lease_until", INSTANT),
        Column("check_at", INSTANT),
        Column("ended_at", INSTANT),
        PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_requests_order"), "requests", ["order_id", "kind"])
    open_ones = text("ended_at IS NULL")
    op.create_index(
        op.f("uq_requests_open"),
        "requests",
        ["order_id", "kind"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    op.create_index(op.f("ix_requests_state"), "requests", ["state", "check_at"])


def _batches() -> None:
    op.create_table(
        "batches",
        Column("id", ID),
        Column("user_id", BigInteger, ForeignKey("users.id", name=op.f("fk_batches_user_id")), nullable=False),
        Column("lines", JSON, nullable=False),
        Column("shown_total", BigInteger),
        Column("shown_at", INSTANT),
        Column("created_at", INSTANT, nullable=False),
        Column("confirmed_at", INSTANT),
        Column("reported_at", INSTANT),
        PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_batches_user"), "batches", ["user_id", "id"])
    op.create_index(op.f("ix_batches_open"), "batches", ["reported_at", "confirmed_at"])


def _favourites() -> None:
    op.create_table(
        "favourites",
        Column("user_id", BigInteger, ForeignKey("users.id", name=op.f("fk_favourites_user_id")), nullable=False),
        Column("service_id", ID, ForeignKey("services.id", name=op.f("fk_favourites_service_id")), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        PrimaryKeyConstraint("user_id", "service_id", name=op.f("pk_favourites")),
    )


def _tickets() -> None:
    op.create_table(
        "tickets",
        Column("id", ID),
        Column("user_id", BigInteger, ForeignKey("users.id", name=op.f("fk_tickets_user_id")), nullable=False),
        Column("order_id", ID, ForeignKey("orders.id", name=op.f("fk_tickets_order_id"))),
        Column("state", Text, nullable=False),
        Column("opened_at", INSTANT, nullable=False),
        Column("changed_at", INSTANT, nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_tickets_user"), "tickets", ["user_id", "id"])
    op.create_index(op.f("ix_tickets_state"), "tickets", ["state", "changed_at"])
    op.create_table(
        "ticket_lines",
        Column("id", ID),
        Column("ticket_id", ID, ForeignKey("tickets.id", name=op.f("fk_ticket_lines_ticket_id")), nullable=False),
        Column("admin_id", BigInteger),
        Column("text", Text, nullable=False),
        Column("at", INSTANT, nullable=False),
        PrimaryKeyConstraint("id", name=op.f("pk_ticket_lines")),
    )
    op.create_index(op.f("ix_ticket_lines_ticket"), "ticket_lines", ["ticket_id", "id"])
