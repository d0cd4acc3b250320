"""The main screen: who this is, what it sells, what is in the wallet, what one would want first."""

from collections.abc import Sequence

from bot.i18n import Html, Money, Translator, join
from bot.telegram import keyboards as k
from bot.telegram.callbacks import Go, Network, Orders
from bot.telegram.screens import Rows, Screen
from bot.telegram.views.browse import network_name

# Two or three rows: the rest of the menu stays in sight.
MOST_DOORS = 6


def home(
    t: Translator,
    *,
    name: str,
    shop_name: str,
    networks: Sequence[str],
    services: int,
    available: int,
    on_hold: int,
    doors: Sequence[str] = (),
) -> Screen:
    """The greeting with the main menu. ``doors``: the networks one can go to from here, a press sooner."""
    lines = [t.html("<b>{shop_name}</b>", shop_name=shop_name), t.html("Hello, {name}!", name=name)]
    if services:
        sold = t.nhtml(
            "{n} service for {networks}.",
            "{n} services for {networks}.",
            services,
            networks=_some(t, networks),
        )
        lines.append(sold)
        lines.append(t.html("Write what you are looking for, or send a link: I show what fits."))
    else:
        lines.append(t.html("The catalogue is being loaded. Come back in a minute."))
    lines.append(t.html("Wallet: {available}", available=Money(available)))
    if on_hold:
        lines.append(t.html("On hold: {on_hold}", on_hold=Money(on_hold)))
    return Screen(join("\n", lines), _menu(t, doors))


def _menu(t: Translator, doors: Sequence[str]) -> Rows:
    networks = [k.button(network_name(t, door), Network(name=door)) for door in doors[:MOST_DOORS]]
    return [
        [k.button(t.plain("New order"), Go(to="order"), style="primary")],
        *k.grid(networks),
        [
            k.button(t.plain("My orders"), Orders()),
            k.button(t.plain("Wallet"), Go(to="wallet")),
        ],
        [
            k.button(t.plain("Language"), Go(to="language")),
            k.button(t.plain("Help"), Go(to="help")),
        ],
    ]


def _some(t: Translator, networks: Sequence[str]) -> str:
    """The first few networks; a list that ends in nothing tells nothing."""
    shown = [name for name in networks if name != "…"][:5]
    return ", ".join(shown) or t.plain("social networks")


def not_set_up(t: Translator, user: int) -> Html:
    """What anybody reads while ADMIN_IDS is empty: their id, which the owner has to put there."""
    return t.html(
        "Your Telegram id is <code>{user}</code>. Put it into ADMIN_IDS in the file .env and start the bot again: "
        "then you are its admin.",
        user=str(user),
    )
