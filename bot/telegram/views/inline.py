"""Services as the inline mode suggests them in any chat."""

from aiogram.types import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)

from bot.domain.catalog import Service
from bot.i18n import Money, Translator, join
from bot.services.shelf import Shelf
from bot.telegram import deep_links
from bot.telegram import keyboards as k
from bot.telegram.views import browse


def suggestion(t: Translator, shelf: Shelf, service: Service, *, bot_name: str) -> InlineQueryResultArticle:
    """A service with its price; chosen, it becomes a message with a button that opens the order in the bot."""
    price, category = Money(shelf.listed_price(service)), service.category
    if service.package:
        about = t.plain("{price} for the package · {category}", price=price, category=category)
    else:
        about = t.plain("{price} per 1000 · {category}", price=price, category=category)
    text = join("\n", [browse.headline(t, shelf, service), t.html("{category}", category=category)])
    order = k.link(t.plain("Order it"), deep_links.to_service(bot_name, service.id))
    return InlineQueryResultArticle(
        id=str(service.id),
        title=service.name,
        description=about,
        input_message_content=InputTextMessageContent(message_text=text),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[order]]),
    )


def nothing(t: Translator) -> InlineQueryResultsButton:
    """What stands above an empty list: the way to search in the bot itself."""
    return InlineQueryResultsButton(
        text=t.plain("Nothing found. Search in the shop"), start_parameter=deep_links.SEARCH
    )
