"""Finding a service: networks, categories, services, and a service's card."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.catalog import Service
from bot.domain.forms import FORMS, Priced
from bot.domain.networks import network_of, networks_in
from bot.domain.texts import cut
from bot.i18n import Html, Money, Translator, join
from bot.services.shelf import OTHER, Category, Shelf
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen

NETWORKS_A_ROW = 2
PAGE = 8  # more buttons than this do not fit a phone above the keyboard


def entrance(t: Translator, shelf: Shelf, recent: Sequence[Service] = (), *, favourites: bool = False) -> Screen:
    """Where browsing begins: networks where there are many categories, else the categories; and what is ``recent``."""
    if not shelf.services:
        text = t.html("There is nothing on sale right now. Please come back a little later.")
        return Screen(text, [k.home(t)])
    short = [[_service_button(t, shelf, service, cb.Service(id=service.id))] for service in recent]
    ways = [k.button(t.plain("Mass order"), cb.Go(to="mass"))]
    if favourites:
        ways.insert(0, k.button(t.plain("★ Favourites"), cb.Favourites()))
    if not shelf.by_network:
        screen = categories(t, tuple(shelf.categories.values()), page=0)
        return replace(screen, rows=[*screen.rows[:-1], *short, ways, screen.rows[-1]])
    buttons = [k.button(network_name(t, name), cb.Network(name=name)) for name in shelf.networks]
    rows = [buttons[i : i + NETWORKS_A_ROW] for i in range(0, len(buttons), NETWORKS_A_ROW)]
    return Screen(t.html("<b>What is it for?</b>"), [*rows, *short, ways, k.home(t)])


def network_name(t: Translator, name: str) -> str:
    """A network's name; what names none is called so."""
    return t.plain("Other") if name == OTHER else name


def categories(t: Translator, found: Sequence[Category], *, page: int, network: str | None = None) -> Screen:
    """A page of categories, of one network or of all."""
    shown, page, pages = k.page_of(found, page, PAGE)
    rows = [[k.button(k.label(category.name), cb.Category(id=category.id))] for category in shown]
    if network is None:
        rows += k.paging(t, page, pages, lambda to: cb.Categories(page=to))
        rows.append(k.home(t))
        return Screen(t.html("<b>Choose a category</b>"), rows)
    rows += k.paging(t, page, pages, lambda to: cb.Network(name=network, page=to))
    rows.append(k.back(t, cb.Go(to="order")))
    title = t.html("<b>{network}</b>\nChoose a category", network=network_name(t, network))
    return Screen(title, rows)


def services(t: Translator, shelf: Shelf, category: Category, *, page: int) -> Screen:
    """A page of a category's services, each with its price."""
    shown, page, pages = k.page_of(category.services, page, PAGE)
    rows = [[_service_button(t, shelf, service, cb.Service(id=service.id))] for service in shown]
    rows += k.paging(t, page, pages, lambda to: cb.Category(id=category.id, page=to))
    rows.append(k.back(t, up_from(shelf, category)))
    title = t.html("<b>{category}</b>\nChoose a service", category=category.name)
    return Screen(title, rows)


def up_from(shelf: Shelf, category: Category) -> cb.Network | cb.Categories | cb.Go:
    """The list that a category stands in."""
    if not shelf.by_network:
        return cb.Categories()
    alone = len(shelf.of_network(category.network)) == 1
    return cb.Go(to="order") if alone else cb.Network(name=category.network)


def found_rows(
    t: Translator, shelf: Shelf, found: Sequence[Service], mark: int, page: int, *, mixed: bool = False
) -> list[k.Row]:
    """A page of services that were found, each with its price; ``mark`` names what was looked for.

    Where they are ``mixed``, a name that tells no network is shown with its own.
    """
    shown, page, pages = k.page_of(found, page, PAGE)
    rows = [
        [_service_button(t, shelf, service, cb.Pick(mark=mark, id=service.id), full_name(t, service) if mixed else "")]
        for service in shown
    ]
    return rows + k.paging(t, page, pages, lambda to: cb.Found(mark=mark, page=to))


def full_name(t: Translator, service: Service) -> str:
    """A service's name, after its network where that is not part of it."""
    network = network_of(service.category)
    if network is None or networks_in(service.name):
        return service.name
    return t.plain("{network}: {name}", network=network, name=service.name)


def _service_button(
    t: Translator, shelf: Shelf, service: Service, data: cb.Service | cb.Pick, name: str = ""
) -> k.Button:
    return k.button(with_price(t, shelf, service, name), data)


def with_price(t: Translator, shelf: Shelf, service: Service, name: str = "") -> str:
    """What a button says of a service: its name, cut so that the price behind it is seen, unless ``name`` is said."""
    price = Money(shelf.listed_price(service))
    rest = len(t.plain("{name} · {price}", name="", price=price))
    return t.plain("{name} · {price}", name=cut(name or service.name, k.LABEL_LENGTH - rest), price=price)


def headline(t: Translator, shelf: Shelf, service: Service) -> Html:
    """A service's name and price."""
    price = Money(shelf.listed_price(service))
    name = t.html("<b>{name}</b>", name=service.name)
    if service.package:
        return join("\n", [name, t.html("Price: {price} for the package", price=price)])
    return join("\n", [name, t.html("Price: {price} per 1000", price=price)])


def card(t: Translator, shelf: Shelf, service: Service) -> Html:
    """A service's card: price, limits, description, what can be done about an order later."""
    lines = [headline(t, shelf, service), t.html("Service {number}", number=str(service.id))]
    if not service.package:
        lines.append(_limits(t, service))
    usual = shelf.usual.get(service.id)
    if usual is not None:
        lines.append(t.html("⏱ Usual time: {time} (as measured by this shop)", time=usual))
    badges = []
    if service.refill:
        badges.append(t.html("♻️ Refill"))
    if service.cancel:
        badges.append(t.html("✋ Can be stopped"))
    if badges:
        lines.append(join(" · ", badges))
    if service.description:
        text = t.html("{description}", description=service.description)
        lines.append(Html(f"<blockquote expandable>{text}</blockquote>"))
    return join("\n", lines)


def _limits(t: Translator, service: Service) -> Html:
    limits = {"minimum": service.minimum, "maximum": service.maximum}
    if FORMS[service.type].priced is Priced.SUBSCRIPTION:
        return t.html("From {minimum} to {maximum} per post", **limits)
    return t.html("From {minimum} to {maximum}", **limits)


def to_post(t: Translator, screen: Screen, link: str) -> Screen:
    """The screen with the link that leads others to it, for an admin to post."""
    told = t.html("Link to post: <code>{link}</code>", link=link)
    return replace(screen, text=join("\n\n", [screen.text, told]))


def leads_nowhere(t: Translator) -> Html:
    """Somebody followed a link to what is not on sale, or to nothing that ever was."""
    return t.html("What this link led to is not on sale any more.")
