"""What customers choose for themselves."""

from bot.storage import people
from bot.storage.database import Transaction


async def choose_language(tx: Transaction, user: int, locale: str | None) -> None:
    """Speak ``locale`` to a customer from now on; None: the language of their Telegram."""
    await people.put_user(tx, user, locale=locale)
