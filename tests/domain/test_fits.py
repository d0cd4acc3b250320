"""Which links services want, and which services a link is offered."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.panel.catalogue import demo_offers
from bot.domain.catalog import Service, ServiceType, parse_type
from bot.domain.networks import network_of, networks_in
from bot.domain.places import LinkIndex, Place, PlaceKind, Verdict, example_link, fits, recognise, wanted
from tests.domain.many_services import many_services

# One link of each kind, to try services with.
LINKS = {
    "ig profile": "https://instagram.com/anna",
    "ig post": "https://instagram.com/p/Cx1",
    "ig reel": "https://instagram.com/reel/Cx1",
    "ig story": "https://instagram.com/stories/anna/1",
    "tt profile": "https://tiktok.com/@anna",
    "tt video": "https://tiktok.com/@anna/video/1",
    "tt short": "https://vm.tiktok.com/ZMabc",
    "yt channel": "https://youtube.com/@anna",
    "yt video": "https://youtu.be/dQw4w9WgXcQ",
    "yt short": "https://youtube.com/shorts/dQw4w9WgXcQ",
    "yt post": "https://youtube.com/post/UgkxA",
    "yt comment": "https://youtube.com/watch?v=dQw4w9WgXcQ&lc=UgxA",
    "tg channel": "https://t.me/durov",
    "tg post": "https://t.me/durov/1",
    "tg invite": "https://t.me/+AbC",
    "tg bot": "https://t.me/anna_bot?start=1",
    "tg story": "https://t.me/durov/s/1",
    "x profile": "https://x.com/anna",
    "x post": "https://x.com/anna/status/1",
    "x space": "https://x.com/i/spaces/1AbC",
    "fb page": "https://facebook.com/cafe",
    "fb post": "https://facebook.com/cafe/posts/1",
    "fb video": "https://facebook.com/watch/?v=1",
    "fb group": "https://facebook.com/groups/cats",
    "fb event": "https://facebook.com/events/1",
    "fb shared": "https://facebook.com/share/AbC",
    "track": "https://open.spotify.com/track/6rqh",
    "playlist": "https://open.spotify.com/playlist/37i",
    "artist": "https://open.spotify.com/artist/0Od",
    "show": "https://open.spotify.com/show/2MA",
    "sc track": "https://soundcloud.com/anna/song",
    "discord": "https://discord.gg/AbC",
    "twitch": "https://twitch.tv/anna",
    "clip": "https://clips.twitch.tv/Abc",
    "maps": "https://maps.app.goo.gl/AbC",
    "trustpilot": "https://trustpilot.com/review/example.com",
    "vk name": "https://vk.com/anna",
    "vk post": "https://vk.com/wall-1_2",
    "site": "https://example.com/",
    "name": "@anna",
    "shortener": "https://bit.ly/AbC",
}

# Service as panels call them, and its category; then the links that fit, those that may, and those that do not.
# Links of another network are "wrong" for all that name theirs, and are tried apart.
SERVICES = """
Followers | Mixed | Instant; Instagram Followers; ig profile, name; -; ig post, ig reel, ig story
متابعين انستقرام - جودة عالية; خدمات; ig profile, name; -; ig post, ig reel
Takipçi (Oto Telafili); Instagram; ig profile, name; -; ig post
Seguidores Brasileiros | Reposição; Instagram; ig profile, name; -; ig post
Instagram Followers [ Likes + Story Views + Profile Views ] [ Old Accounts ]; VIP; ig profile; ig post; -
Likes | Fast; Instagram Likes & Views; ig post, ig reel; -; ig profile, ig story, name
Instagram Likes [Power] [𝙎𝙏𝙊𝙍𝙄𝙀𝙎 + 𝙍𝙀𝘼𝙇 𝘼𝘾𝙏𝙄𝙑𝙀]; VIP; ig post, ig reel; ig profile; -
Beğeni | Türk; Instagram; ig post; -; ig profile
Likes | Real profiles; Instagram; ig post; -; ig profile
Reel views; Instagram Likes & Views; ig reel; ig post; ig profile, ig story
IG views | Video, reel, IGTV; Instagram; ig post, ig reel; -; ig profile
Story views | All stories; Instagram; ig story, ig profile; -; ig post, ig reel
رشق مشاهدات ستوري; انستقرام; ig story, ig profile; -; ig post
IG impressions + reach + visits; Instagram; ig post, ig profile; -; -
80 Auto Likes + Views - 7 Days; Instagram Auto Likes; ig profile; ig post; -
Instagram Live Video Likes [10K]; IG; ig profile; ig post; ig story
Лайки на комментарии; Инстаграм; ig post; -; ig profile
Starter pack: 500 followers + 50 likes; Instagram; ig profile, ig post; -; ig story
Instant start | 50K a day; Instagram; -; ig profile, ig post, name; -
TT followers | Real; TikTok; tt profile, name; tt short; tt video
TT views; TikTok; tt video, tt short; -; tt profile
TikTok live viewers | 30 minutes; TikTok; tt profile, tt video; -; -
YouTube subscribers | 30 days refill; YouTube; yt channel, name; -; yt video, yt short
Youtube Subscribers Direct Monetization 💰; YouTube; yt channel; -; yt video
YouTube views | Retention 60-90 s; YouTube; yt video, yt short; yt comment; yt channel
مشاهدات فيديو يوتيوب; يوتيوب; yt video; -; yt channel
YT shorts views; YouTube; yt short; yt video; yt channel
YT live stream viewers | 60 minutes; YouTube; yt video; yt channel; -
YouTube comment likes; YouTube; yt comment, yt video; -; yt channel
Youtube Community Post Likes; YouTube; yt post; yt video; yt channel
YouTube watch time | 4000 hours; YouTube; yt video; -; yt channel
Telegram members | Channel; Telegram; tg channel, tg invite, name; tg bot; tg post
مشتركين تليجرام; خدمات; tg channel; -; tg post
Подписчики в канал; Телеграм; tg channel, tg invite; -; tg post
Telegram post views; Telegram; tg post; -; tg channel, tg invite
TG views | Last 10 posts; Telegram; tg post; tg channel; -
Просмотры последних 10 постов; Телеграм; tg channel; tg post; -
Telegram reactions 👍 ❤️ 🔥; Telegram; tg post; -; tg channel
Telegram Story Views; Telegram; tg story, tg channel; -; tg post
Telegram Premium Bot Start; Telegram; tg bot; tg channel; tg post
Telegram Channel Boosts; Telegram; tg channel; -; tg post
X followers; X (Twitter); x profile, name; -; x post
X likes; X (Twitter); x post; -; x profile
Twitter Video Views; Twitter; x post; -; x profile
X impressions & profile clicks; X (Twitter); x post, x profile; -; -
X Space Listeners 30 min; Twitter; x space; x profile; -
Facebook page likes + followers; Facebook; fb page; fb shared; fb post, fb group
Facebook Page [LIKES + FOLLOWS] - [ALL PAGES]; Facebook; fb page; -; fb post
Facebook post likes; Facebook; fb post; fb video, fb shared; fb page, fb group
FB reactions | Love ❤️; Facebook; fb post, fb video; fb page; fb group
Facebook Emoticons Love; Facebook Post Likes / Comments; fb post; -; fb group
FB group members; Facebook; fb group; fb shared; fb page, fb post
Facebook Event Interested; Facebook; fb event; -; fb page, fb post
🎙️ Facebook Live Stream Views ➡️ [ 120 Min ]; 🔵 Facebook - Live; fb video; fb post, fb page; fb event
Facebook Website Likes [10K]; Facebook Website Likes; -; site; -
Spotify plays | Premium; Spotify & SoundCloud; track, playlist, show; artist; -
Spotify followers; Spotify; artist, playlist; -; track
Spotify Playlist Followers; Spotify; playlist; -; track, artist
Spotify monthly listeners; Spotify; artist; track; -
SoundCloud plays; Spotify & SoundCloud; sc track; -; -
Discord Server Member [Male]; Discord; discord; -; -
Discord Mass DM; Discord DM; -; discord, name; -
Twitch followers; Discord & Twitch; twitch; -; clip
Twitch Clip Views; Twitch; clip; -; twitch
Google Maps Reviews [5* Ratings]; Google Map Reviews; maps; site; -
Trustpilot reviews; Reviews; trustpilot; -; -
Подписчики в группу; VK; vk name; -; vk post
Visitors | Any country; Website traffic; site; ig post, yt video; name
Visitors from Google search; Website traffic; site; maps; name
Search clicks by keyword; Website traffic; site; -; name
Instagram Traffic | From bio; Traffic; site; ig profile; -
Followers; First Category; ig profile, tg channel, x profile, name; site, shortener, fb shared; ig post, x post, track
Comments; Second Category; ig post, x post; shortener, site; ig profile, name
Best one; Third Category; -; ig post, ig profile, site, name; -
"""


def a_service(name: str, category: str, kind: ServiceType = ServiceType.DEFAULT, number: int = 1) -> Service:
    return Service(number, "main", "1", name, kind, category, Decimal(1), 1, 1000, None, None, None, "")


def demo_services() -> list[Service]:
    """All that the demo's two panels sell."""
    found = [offer for panel in ("alpha", "beta") for offer in demo_offers(panel)]
    kinds = [(offer, parse_type(offer.type)) for offer in found]
    return [a_service(each.name, each.category, kind, at) for at, (each, kind) in enumerate(kinds, 1) if kind]


def offers(place: Place, services: Sequence[Service]) -> list[Service]:
    """What a link is offered of these services."""
    by_number = {service.id: service for service in services}
    return [by_number[number] for number in LinkIndex(services).find(place)]


def place_of(link: str) -> Place:
    place = recognise(link)
    assert place is not None
    return place


def service_rows() -> list[tuple[str, str, str, str]]:
    """The table as (service, category, link, verdict)."""
    found = []
    for line in filter(None, SERVICES.splitlines()):
        name, category, *columns = line.split("; ")
        for verdict, links in zip(("yes", "maybe", "no"), columns, strict=True):
            found += [(name, category, link, verdict) for link in links.split(", ") if link != "-"]
    return found


@pytest.mark.parametrize(("name", "category", "link", "verdict"), service_rows())
def test_a_link_is_held_against_what_a_service_wants(name: str, category: str, link: str, verdict: str) -> None:
    """What it surely wants fits, what it surely does not is warned about, and nothing is said of the rest."""
    fit = fits(place_of(LINKS[link]), a_service(name, category))
    assert fit.verdict == verdict
    assert fit.warned == (verdict == "no")


@pytest.mark.parametrize(
    ("link", "name", "category"),
    [
        ("ig profile", "TikTok followers", "TikTok"),
        ("tg post", "X likes", "X (Twitter)"),
        ("track", "SoundCloud plays", "Spotify & SoundCloud"),
        ("site", "Followers", "Instagram Followers"),
        ("fb shared", "Followers", "Instagram Followers"),
    ],
)
def test_a_link_of_another_network_is_warned_about(link: str, name: str, category: str) -> None:
    """Whatever it leads to there; the warning can name the service's network."""
    fit = fits(place_of(LINKS[link]), a_service(name, category))
    assert (fit.verdict, fit.warned) == (Verdict.WRONG_NETWORK, True)
    assert set(fit.networks) == networks_in(category) & networks_in(name) or set(fit.networks) == networks_in(category)


def test_a_shortened_link_is_never_warned_about() -> None:
    """It may lead anywhere."""
    place = place_of(LINKS["shortener"])
    assert not [each.name for each in demo_services() if fits(place, each).warned]


def test_a_warning_names_what_is_wanted() -> None:
    """The kinds that the network has, the telling one first."""
    profile = place_of(LINKS["ig profile"])
    fit = fits(profile, a_service("Likes", "Instagram"))
    assert (fit.verdict, fit.wanted, fit.networks) == (Verdict.NO, (PlaceKind.POST, PlaceKind.SHORT), ("Instagram",))
    story = fits(place_of(LINKS["ig post"]), a_service("Story views", "Instagram"))
    assert story.wanted[0] is PlaceKind.STORY
    assert fits(profile, a_service("Best one", "Instagram")).wanted == ()


@pytest.mark.parametrize(
    ("kind", "fitting", "misfit"),
    [
        (ServiceType.SUBSCRIPTIONS, "ig profile", "ig post"),
        (ServiceType.COMMENT_LIKES, "ig post", "ig profile"),
        (ServiceType.COMMENT_REPLIES, "ig post", "ig profile"),
        (ServiceType.CUSTOM_COMMENTS, "ig post", "ig profile"),
        (ServiceType.CUSTOM_COMMENTS_PACKAGE, "ig reel", "ig profile"),
        (ServiceType.POLL, "ig post", None),
        (ServiceType.WEB_TRAFFIC, "site", "name"),
        (ServiceType.INVITES_FROM_GROUPS, "tg channel", "tg post"),
        (ServiceType.MENTIONS_HASHTAG, None, None),
        (ServiceType.DEFAULT, None, None),
    ],
)
def test_a_type_tells_where_names_do_not(kind: ServiceType, fitting: str | None, misfit: str | None) -> None:
    """What the form of an order says by itself."""
    service = a_service("Best one", "Bundle", kind)
    if fitting:
        assert fits(place_of(LINKS[fitting]), service).verdict is Verdict.YES
    else:
        assert wanted(service) == set()
    if misfit:
        assert fits(place_of(LINKS[misfit]), service).verdict is Verdict.NO


@pytest.mark.parametrize(
    ("link", "first", "absent"),
    [
        ("ig profile", "Followers | Mixed | Instant", "Likes | Fast"),
        ("ig post", "Starter pack: 500 followers + 50 likes", "Followers | Mixed | Instant"),
        ("ig story", "Story views | All stories", "Reel views"),
        ("yt video", "YouTube views | Retention 60-90 s", "YouTube subscribers | 30 days refill"),
        ("tg post", "Telegram post views", "Telegram members | Channel"),
        ("track", "Spotify plays | Premium", "SoundCloud plays"),
        ("discord", "Discord members | Online", "Twitch followers"),
        ("site", "Visitors | Any country", "Likes | Fast"),
        ("name", "Followers | Mixed | Instant", "Likes | Fast"),
    ],
)
def test_the_demo_offers_what_fits(link: str, first: str, absent: str) -> None:
    """What surely fits comes first, in the catalogue's order; nothing is offered that would be warned about."""
    place, services = place_of(LINKS[link]), demo_services()
    found = offers(place, services)
    assert found[0].name == first
    assert absent not in {service.name for service in found}
    verdicts = [fits(place, service).verdict for service in found]
    assert verdicts == sorted(verdicts, key=[Verdict.YES, Verdict.MAYBE].index)
    for part in (Verdict.YES, Verdict.MAYBE):
        numbers = [each.id for each, verdict in zip(found, verdicts, strict=True) if verdict is part]
        assert numbers == sorted(numbers)


def test_every_service_of_the_demo_is_offered_for_its_own_example() -> None:
    """The link that a form shows as its example leads to the service itself."""
    services = demo_services()
    for service in services:
        fit = fits(place_of(LINKS["name"]), service)
        place = place_of(example_link(fit.networks[0], wanted(service)))
        if service.type is not ServiceType.SUBSCRIPTIONS or place.kind in wanted(service):
            assert service in offers(place, services), (service.name, place)


@pytest.mark.parametrize("link", LINKS.values())
def test_a_large_catalogue_is_offered_as_each_service_fits(link: str) -> None:
    """Services that are alike are judged together; each stands where it would have stood by itself."""
    place, services = place_of(link), many_services(2_000, seed=3)
    found = offers(place, services)
    rank = [Verdict.YES, Verdict.MAYBE].index
    assert found == sorted(found, key=lambda each: (rank(fits(place, each).verdict), each.id))
    fitting = [each for each in services if fits(place, each).verdict is Verdict.YES]
    own = [each for each in fitting if place.network is None or network_of(each.category) == place.network]
    assert {each.id for each in own} <= {each.id for each in found}


def test_nothing_is_offered_where_nothing_is_known() -> None:
    """A shortened link and a network that is not sold have no offers."""
    assert offers(place_of(LINKS["shortener"]), demo_services()) == []
    assert offers(place_of("https://vk.com/anna"), demo_services()) == []
    assert offers(place_of(LINKS["ig profile"]), []) == []


def test_a_shop_that_names_no_networks_offers_by_kind() -> None:
    """With categories such as the panels' document has them, the kind alone decides."""
    services = [a_service("Followers", "First Category", number=1), a_service("Comments", "Second Category", number=2)]
    assert [each.id for each in offers(place_of(LINKS["ig profile"]), services)] == [1]
    assert [each.id for each in offers(place_of(LINKS["ig post"]), services)] == [2]


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("Spotify & SoundCloud", {"Spotify", "SoundCloud"}),
        ("X (Twitter) | IG", {"X (Twitter)", "Instagram"}),
        ("𝗜𝗻𝘀𝘁𝗮𝗴𝗿𝗮𝗺 [TT]", {"Instagram", "TikTok"}),
        ("LINE | Friends", {"LINE"}),
        ("Online, in line", set()),
        ("", set()),
    ],
)
def test_all_networks_of_a_name_are_found(text: str, networks: set[str]) -> None:
    """Not only the first."""
    assert networks_in(text) == networks


@given(st.text(), st.text(), st.sampled_from(ServiceType), st.sampled_from([*LINKS.values()]))
def test_any_service_may_be_asked(name: str, category: str, kind: ServiceType, link: str) -> None:
    """No name is an error, and what is offered is never warned about."""
    service = a_service(name, category, kind)
    place = place_of(link)
    fit = fits(place, service)
    assert set(fit.wanted) <= wanted(service)
    assert not (fit.warned and offers(place, [service]))
