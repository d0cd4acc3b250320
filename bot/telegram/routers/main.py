"""Every router, in the order in which they are asked."""

from aiogram import Router

from bot.telegram.routers import admin, browse, fallback, form, help, language, orders, start, wallet


def main_router() -> Router:
    """A new tree of routers. Commands come before forms, so that they work in the middle of one."""
    router = Router(name="main")
    router.include_routers(
        start.router,
        admin.router,
        orders.router,
        wallet.router,
        language.router,
        help.router,
        browse.router,
        form.router,
        fallback.router,
    )
    return router
