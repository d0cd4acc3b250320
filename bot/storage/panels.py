"""What the shop knows of each panel: its purse, whether it answers, whether it takes orders now."""

from typing import Any

from sqlalchemy import select, update

from bot.domain.panels import Gate, PanelRecord
from bot.storage.database import Transaction
from bot.storage.rows import insert
from bot.storage.tables import panels


def _record(row: Any) -> PanelRecord:
    values = dict(row._mapping)  # SQLAlchemy's public name for a row as a mapping
    values["gate"] = None if values["gate"] is None else Gate(values["gate"])
    return PanelRecord(**values)


async def ensure(tx: Transaction, name: str, host: str) -> None:
    """Note a panel of the settings, if it is new."""
    statement = insert(tx, panels).values(name=name, host=host)
    await tx.conn.execute(statement.on_conflict_do_nothing(index_elements=["name"]))


async def every(tx: Transaction) -> list[PanelRecord]:
    """Every panel the shop ever had, by name."""
    return [_record(row) for row in await tx.conn.execute(select(panels).order_by(panels.c.name))]


async def find(tx: Transaction, name: str) -> PanelRecord:
    """The panel of this name, which exists."""
    return _record((await tx.conn.execute(select(panels).where(panels.c.name == name))).one())


async def put(tx: Transaction, name: str, **columns: Any) -> None:
    """Set columns of a panel."""
    await tx.conn.execute(update(panels).where(panels.c.name == name).values(**columns))
