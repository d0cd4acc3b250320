"""What only admins can do. For everybody else these commands and buttons do not exist."""

from aiogram import Router
from aiogram.filters import BaseFilter
from aiogram.types import TelegramObject

from bot.telegram.routers import admin_orders, admin_panels, admin_payments, admin_people, admin_rates, admin_support
from bot.telegram.turn import Turn


class IsAdmin(BaseFilter):
    """Whether an admin wrote or pressed."""

    async def __call__(self, _event: TelegramObject, turn: Turn) -> bool:
        """Ask the settings, each time: a button proves nothing."""
        return turn.admin


router = Router(name="admin")
router.message.filter(IsAdmin())
router.callback_query.filter(IsAdmin())
router.include_routers(
    admin_support.router,  # first: a reply to a customer is no answer to what else was asked
    admin_orders.router,
    admin_panels.router,
    admin_payments.router,
    admin_people.router,
    admin_rates.router,
)
