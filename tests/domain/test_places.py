"""What links lead to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadInput
from bot.domain.links import LONGEST_LINK, parse_link
from bot.domain.networks import NETWORKS, network_of
from bot.domain.places import WEBSITE, Place, PlaceKind, example_link, link_in, recognise, usual_kinds
from bot.domain.places.examples import EXAMPLES
from bot.domain.places.reading import SITES
from tests.domain.links_seen import rows


@pytest.mark.parametrize(("link", "network", "kind", "name"), rows())
def test_a_link_tells_its_network_and_kind(link: str, network: str, kind: str, name: str | None) -> None:
    """However it is typed: the network, what the place is, and what it is called."""
    for typed in (link, f" \u2068{link}\u2069\n"):
        place = recognise(typed)
        assert place is not None
        assert (place.network, place.kind, place.name) == (network, PlaceKind(kind), name)
        assert place.kind not in place.perhaps


def test_every_network_is_recognised() -> None:
    """Each network that categories name has sites and examples, so that a strange one is never called wrong."""
    assert {site.network for site in SITES.values()} | {WEBSITE} == set(NETWORKS) == set(EXAMPLES)


@pytest.mark.parametrize(
    ("link", "perhaps"),
    [
        ("https://t.me/durov", {"group", "profile", "bot"}),
        ("https://vk.com/anna", {"group", "channel"}),
        ("https://vm.tiktok.com/ZMabc", {"profile", "live", "post", "short"}),
        ("https://youtu.be/dQw4w9WgXcQ", {"live", "short"}),
        ("https://instagram.com/p/Cx1", {"video", "short"}),
        ("https://instagram.com/anna", set()),
    ],
)
def test_what_a_link_leaves_open_is_said(link: str, perhaps: set[str]) -> None:
    """Where the same form of link leads to several kinds, the others are named."""
    place = recognise(link)
    assert place is not None
    assert place.perhaps == perhaps


def test_a_name_alone_is_an_account_of_no_network() -> None:
    """Of "@name" only the name is known."""
    place = recognise(" @Anna_1 ")
    assert place is not None
    assert (place.network, place.kind, place.name) == (None, PlaceKind.PROFILE, "Anna_1")


@pytest.mark.parametrize("link", ["https://bit.ly/abc", "https://www.tinyurl.com/abc", "https://anna.lnk.to/song"])
def test_a_shortener_tells_nothing(link: str) -> None:
    """Any place of any network may be behind a shortened link."""
    assert recognise(link) == Place(None, PlaceKind.PAGE)


@pytest.mark.parametrize(
    "part", ["a%2Fb", "a%3Fb", "a%00b", "%E2%80%AEb", "a%ffb", "%ed%a0%80", "a%0Ab", "a%E2%80%8Bb", "%", "%zz"]
)
def test_percent_signs_bring_out_nothing_odd(part: str) -> None:
    """What would split, hide or turn around what is shown stays as it was typed."""
    place = recognise(f"https://instagram.com/{part}")
    assert place is not None
    assert place.name == part


HOSTS = st.sampled_from([*(host.replace("*", "com") for host in SITES), "example.com", "bit.ly", "www.t.me"])
PARTS = st.lists(
    st.sampled_from(["@anna", "p", "reel", "status", "1", "%2F", "+x", "watch", "groups", "", "s", "c", "stories"])
    | st.text(max_size=12),
    max_size=6,
)


@given(
    st.text()
    | st.from_regex(r"(https?://)?[\w.@:]+(/\S*)?")
    | st.builds(lambda host, parts, query: f"{host}/{'/'.join(parts)}?{query}", HOSTS, PARTS, st.text(max_size=20))
)
def test_anything_may_be_asked(text: str) -> None:
    """A place is told for just what is taken as a link, with a name that can be shown."""
    place = recognise(text)
    try:
        link = parse_link(text)
    except BadInput:
        assert place is None
        return
    assert place is not None
    assert place.name != ""
    assert len(place.name or "") <= len(link) * 3  # a character of a host has up to three in lower case
    assert link_in(text) in {link, None}  # words, where it may be the end of one sentence and the start of the next


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://t.me/durov", "https://t.me/durov"),
        ("  t.me/durov\n", "t.me/durov"),
        ("@anna", "@anna"),
        ("Example.com.", "Example.com"),
        ("look https://instagram.com/anna please", "https://instagram.com/anna"),
        ("Look: https://instagram.com/anna.", "https://instagram.com/anna"),
        ("(see <https://t.me/durov/1>)", "https://t.me/durov/1"),
        ("[my page](https://x.com/anna)", "https://x.com/anna"),
        ("link:https://t.me/durov, and https://t.me/other", "https://t.me/durov"),
        ("Check out Anna's video! #TikTok https://vm.tiktok.com/ZMabc/", "https://vm.tiktok.com/ZMabc/"),
        ("instagram.com/anna 1000 followers", "instagram.com/anna"),
        ("1000 for t.me/durov!", "t.me/durov"),
        ("visitors for example.com, please", "example.com"),
        ("https://en.wikipedia.org/wiki/Dot_(sign) there", "https://en.wikipedia.org/wiki/Dot_(sign)"),
        ("رابط https://t.me/durov؟", "https://t.me/durov"),
        ("I want likes.Thanks a lot", None),
        ("likes.Fast", None),
        ("Thanks.Bye", None),
        ("подписчики.Быстро", None),
        (" example.com\n", "example.com"),
        ("youtu.be/x", "youtu.be/x"),
        ("youtu.be", "youtu.be"),
        ("bakery.fr", "bakery.fr"),
        ("bakery.nl", "bakery.nl"),
        ("anna.studio", "anna.studio"),
        ("www.bakery.berlin", "www.bakery.berlin"),
        ("bakery.berlin/menu", "bakery.berlin/menu"),
        ("https://bakery.berlin", "https://bakery.berlin"),
        ("one.Two three", None),
        ("ask @anna or me@example.com", None),
        ("10.000 likes", None),
        ("followers", None),
        ("", None),
        ("tg://resolve?domain=durov", None),
    ],
)
def test_a_link_is_found_in_a_text(text: str, link: str | None) -> None:
    """The first link of a text, without what a sentence puts around it; "@name" only where it is all."""
    assert link_in(text) == link


@given(st.text(), st.sampled_from(["https://t.me/durov", "instagram.com/p/Cx1", "example.com"]))
def test_a_found_link_is_one(text: str, link: str) -> None:
    """What is found in any text is taken as a link again, and one that stands apart at its head is found."""
    found = link_in(text)
    assert found is None or parse_link(found) == found
    assert link_in(f"{link} {text}") == link


@pytest.mark.parametrize(
    "nasty",
    [
        "https://" + "a." * 2040 + "com",
        "t.me/" + "a/" * 250,
        "https://facebook.com/" + "%" * 480,
        "instagram.com/?" + "v=&" * 160,
        ")" * 4096,
        "https://" * 512,
        "(" * 2000 + ")" * 2000,
        "a." * 2048,
        "x.com/" + "a" * (LONGEST_LINK - 6),
    ],
)
def test_nothing_takes_long(nasty: str) -> None:
    """However it is built, a text is gone through a few times at most."""
    recognise(nasty)
    link_in(nasty)
    link_in(f"see {nasty} there")


def test_examples_are_what_they_say() -> None:
    """Each example link is recognised as of its network and kind."""
    for network, examples in EXAMPLES.items():
        for kind, link in examples.items():
            place = recognise(link)
            assert place is not None
            expected = WEBSITE if kind is PlaceKind.SITE else network
            assert (place.network, place.kind) == (expected, kind), link


@pytest.mark.parametrize(
    ("network", "kinds", "link"),
    [
        ("Instagram", (), "https://instagram.com/username/"),
        ("Instagram", ("post", "video", "short"), "https://instagram.com/p/Cabc123/"),
        ("Instagram", ("profile", "story"), "https://instagram.com/stories/username/1234567890/"),
        ("TikTok", ("post", "video", "short"), "https://tiktok.com/@username/video/1234567890"),
        ("Telegram", ("group", "channel", "invite"), "https://t.me/channelname"),
        ("Spotify", ("artist",), "https://open.spotify.com/artist/0OdUWJ0sBjDrqHygGUXeCF"),
        ("Telegram Post Views", ("post",), "https://t.me/channelname/123"),
        ("Discord", ("story",), "https://discord.gg/AbC123"),
        ("…", ("post",), "https://example.com/page"),
        (None, (), "https://example.com/page"),
    ],
)
def test_examples_fit_the_network_and_what_is_wanted(network: str | None, kinds: tuple[str, ...], link: str) -> None:
    """A form shows a link of its own network, of the kind that it wants where the network has it."""
    assert example_link(network, map(PlaceKind, kinds)) == link


def test_kinds_are_named_as_the_network_has_them() -> None:
    """A warning about TikTok names videos, not posts; without a network every kind is named."""
    media = {PlaceKind.POST, PlaceKind.VIDEO, PlaceKind.SHORT}
    assert usual_kinds("TikTok", media) == (PlaceKind.VIDEO,)
    assert usual_kinds("Instagram", media) == (PlaceKind.POST, PlaceKind.SHORT)
    assert usual_kinds("Instagram", {PlaceKind.STORY, PlaceKind.PROFILE})[0] is PlaceKind.STORY
    assert set(usual_kinds(None, media)) == media
    assert network_of("LINE | Friends") == "LINE"
