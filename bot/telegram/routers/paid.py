"""Stars that were paid. Asked before every other router: whatever question is open, this is no answer to it."""

from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import Message

from bot.services import paying
from bot.services.paying import Received
from bot.telegram.aside import step_aside
from bot.telegram.routers.topup import Paying
from bot.telegram.turn import Turn

router = Router(name="paid")


class IsPayment(Filter):
    """Telegram's own word that Stars were paid."""

    async def __call__(self, message: Message) -> bool:
        """Whether this is one."""
        return message.successful_payment is not None


@router.message(IsPayment())
async def paid(message: Message, turn: Turn) -> None:
    """Stars came in. The words come as news, which nothing can lose."""
    report = message.successful_payment
    if report is None:
        return
    charge, code = report.telegram_payment_charge_id, report.invoice_payload
    told = Received(turn.user.id, charge, code, report.total_amount, report.currency)
    async with turn.transaction() as tx:
        await paying.receive_stars(tx, turn.shop, told)
        if turn.conversation.state == Paying.amount.state:
            step_aside(turn)
