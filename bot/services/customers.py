"""What customers choose for themselves."""

from collections.abc import Iterable

from bot.storage import people
from bot.storage.database import Transaction


async def choose_language(tx: Transaction, user: int, locale: str | None) -> None:
    """Speak ``locale`` to a customer from now on; None: the language of their Telegram."""
    await people.put_user(tx, user, locale=locale)


async def languages(tx: Transaction, users: Iterable[int]) -> dict[int, str | None]:
    """The language that each of these chose; None: that of their Telegram, or they never wrote."""
    found = {user: await people.find_user(tx, user) for user in users}
    return {user: None if known is None else known.locale for user, known in found.items()}
