"""Links: what they look like, the services that fit one, and the word of warning where it does not fit its service."""

from collections.abc import Mapping, Sequence

from bot.domain.catalog import Service
from bot.domain.forms import Field
from bot.domain.networks import networks_in
from bot.domain.orders import Answer
from bot.domain.places import (
    WEBSITE,
    Place,
    PlaceKind,
    Verdict,
    example_link,
    fits,
    recognise,
    wanted,
)
from bot.domain.texts import cut
from bot.i18n import Html, Translator, join, mark
from bot.services.finding import Quest
from bot.services.shelf import Shelf
from bot.telegram import callbacks as cb
from bot.telegram import keyboards as k
from bot.telegram.screens import Screen
from bot.telegram.views import aside, browse

# What people call what a link leads to.
KINDS: Mapping[PlaceKind, str] = {
    PlaceKind.PROFILE: mark("profile"),
    PlaceKind.CHANNEL: mark("channel"),
    PlaceKind.GROUP: mark("group"),
    PlaceKind.INVITE: mark("invite link"),
    PlaceKind.BOT: mark("bot"),
    PlaceKind.POST: mark("post"),
    PlaceKind.VIDEO: mark("video"),
    PlaceKind.SHORT: mark("short video"),
    PlaceKind.STORY: mark("story"),
    PlaceKind.LIVE: mark("live stream"),
    PlaceKind.COMMENT: mark("comment"),
    PlaceKind.EVENT: mark("event"),
    PlaceKind.TRACK: mark("track"),
    PlaceKind.ALBUM: mark("album"),
    PlaceKind.PLAYLIST: mark("playlist"),
    PlaceKind.ARTIST: mark("artist"),
    PlaceKind.SHOW: mark("podcast"),
    PlaceKind.EPISODE: mark("episode"),
    PlaceKind.BUSINESS: mark("business page"),
    PlaceKind.SITE: mark("website"),
    PlaceKind.PAGE: mark("page"),
}
# Of a link, so many characters are repeated above what fits it.
SHOWN_LENGTH = 120


def place_words(t: Translator, place: Place) -> str:
    """What a link looks like, in a word or two: "Instagram post"."""
    kind = t.plain(KINDS[place.kind])
    if place.network in {None, WEBSITE}:
        return kind
    return t.plain("{network} {kind}", network=place.network or "", kind=kind)


def results(
    t: Translator,
    shelf: Shelf,
    quest: Quest,
    place: Place,
    found: Sequence[Service],
    *,
    page: int,
    draft: int | None,
) -> Screen:
    """What a link looks like, and a page of the services that fit it."""
    parts = [_link(t, quest), _looks_like(t, place)]
    if not found:
        parts.append(t.html("Nothing on sale fits it. Choose from the list instead, or send another link."))
        rows = [*aside.way_back(t, draft), [k.button(t.plain("New order"), cb.Go(to="order"), style="primary")]]
        return Screen(join("\n", parts), [*rows, k.home(t)])
    parts.append(t.html("Choose a service: the link is filled in already."))
    rows = [*browse.found_rows(t, shelf, found, quest.mark, page), *aside.way_back(t, draft)]
    if place.network == WEBSITE:
        rows.append([k.button(t.plain("New order"), cb.Go(to="order"))])
    return Screen(join("\n", parts), [*rows, k.home(t)])


def _link(t: Translator, quest: Quest) -> Html:
    return t.html("🔗 {link}", link=cut(quest.text, SHOWN_LENGTH))


def _looks_like(t: Translator, place: Place) -> Html:
    if place.network == WEBSITE:
        return t.html("This is none of the networks I know: it looks like a <b>website</b>.")
    return t.html("This looks like: <b>{place}</b>.", place=place_words(t, place))


def which_network(t: Translator, quest: Quest, networks: Sequence[str], *, draft: int | None) -> Screen:
    """Ask where a link leads that does not tell."""
    buttons = [k.button(name, cb.Leads(mark=quest.mark, network=name)) for name in networks]
    rows = [buttons[i : i + browse.NETWORKS_A_ROW] for i in range(0, len(buttons), browse.NETWORKS_A_ROW)]
    parts = [_link(t, quest), t.html("<b>On which network is it?</b>")]
    return Screen(join("\n", parts), [*rows, *aside.way_back(t, draft), k.home(t)])


def warning(t: Translator, service: Service, answers: Mapping[str, Answer]) -> list[Html]:
    """That the link among the answers is not what the service wants; nothing where it may be."""
    link = answers.get("link")
    place = recognise(link) if isinstance(link, str) else None
    if place is None:
        return []
    fit = fits(place, service)
    if not fit.warned:
        return []
    looks = place_words(t, place)
    if fit.verdict is Verdict.WRONG_NETWORK:
        told = t.html(
            "⚠️ This looks like: <b>{place}</b>. The service is for <b>{networks}</b>.",
            place=looks,
            networks=", ".join(fit.networks),
        )
    else:
        told = t.html(
            "⚠️ This looks like: <b>{place}</b>. The service wants: <b>{wanted}</b>.",
            place=looks,
            wanted=" / ".join(t.plain(KINDS[kind]) for kind in fit.wanted),
        )
    return [join(" ", [told, t.html("If you are sure, just go on.")])]


def example(service: Service, field: Field) -> str:
    """An answer to a question about this service: of a link, one such as its network has, and as it wants."""
    if field.name != "link":
        return field.example
    named = networks_in(service.name)
    network = next(iter(named)) if len(named) == 1 else service.category
    return example_link(network, wanted(service))
