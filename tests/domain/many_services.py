"""Catalogues as large panels have them: names with bars, emoji, bold letters, abbreviations and other alphabets."""

import random
from decimal import Decimal

from bot.domain.catalog import Service, ServiceType

# A network with the ways in which its name is written, and what is sold for it.
NETWORKS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Instagram": (
        ("Instagram", "Instagram", "IG", "INSTAGRAM", "𝗜𝗻𝘀𝘁𝗮𝗴𝗿𝗮𝗺"),
        ("Followers", "Likes", "Reel Views", "Story Views", "Comments", "Saves", "Shares", "Reach", "Impressions"),
    ),
    "TikTok": (("TikTok", "Tiktok", "Tik Tok", "TT"), ("Followers", "Likes", "Views", "Shares", "Saves", "Live Views")),
    "YouTube": (
        ("YouTube", "Youtube", "YT"),
        ("Subscribers", "Views", "Likes", "Shorts Views", "Watch Time", "Live Stream Views", "Comments"),
    ),
    "Telegram": (
        ("Telegram", "TELEGRAM", "TG"),
        (
            "Channel Members",
            "Group Members",
            "Post Views",
            "Reactions 👍❤️🔥",
            "Poll Votes",
            "Premium Members",
            "Shares",
        ),
    ),
    "Facebook": (("Facebook", "FB"), ("Page Likes", "Page Followers", "Post Likes", "Video Views", "Group Members")),
    "X (Twitter)": (("X", "Twitter", "X/Twitter"), ("Followers", "Likes", "Retweets", "Views", "Poll Votes")),
    "Spotify": (("Spotify",), ("Plays", "Followers", "Monthly Listeners", "Saves")),
    "Discord": (("Discord",), ("Members | Offline", "Online Members", "Friends")),
    "Website": (("Website Traffic", "Web Traffic"), ("from Google", "from Instagram", "Worldwide", "from USA")),
    "Kwai": (("Kwai",), ("Followers", "Likes", "Views")),
}
QUALITY = ("Real", "HQ", "Mixed", "Bot", "Real & Active", "100% Old Accounts", "LQ", "Arab", "Worldwide", "Indian", "")
LIMIT = ("Max 10K", "Max 50k", "Max 100k", "Max 1M", "Max 10M", "[Max: 500K]", "")
SPEED = ("Instant", "Superfast", "Speed 5k/Day", "10k-50k/Day", "1M/Day", "Start 0-1 H", "Slow", "1k/Hour", "")
AFTER = ("No Refill", "30D Refill", "R30", "365Days Refill ♻️", "60 Days Refill", "Non Drop", "Lifetime", "⛔", "")
# Categories and names in other languages.
OTHERS = (
    ("خدمات انستقرام 🇸🇦", "متابعين انستقرام عرب حقيقيين"),
    ("تيك توك", "مشاهدات تيك توك سريعة"),
    ("Телеграм 🇷🇺", "Подписчики Телеграм | живые"),
    ("ВКонтакте", "Лайки ВКонтакте | быстрые"),
    ("Brasil 🇧🇷", "Seguidores Instagram Brasil"),
    ("Türkiye 🇹🇷", "Takipçi | Türk gerçek"),
)
# By a word of what is sold, the type that some of its services are of.
TYPES = {
    "Comments": ServiceType.CUSTOM_COMMENTS,
    "Poll": ServiceType.POLL,
    "Traffic": ServiceType.WEB_TRAFFIC,
    "Group": ServiceType.INVITES_FROM_GROUPS,
    "Likes": ServiceType.SUBSCRIPTIONS,
    "Followers": ServiceType.PACKAGE,
}


def service(
    number: int, name: str, category: str = "First category", kind: ServiceType = ServiceType.DEFAULT
) -> Service:
    """A service of which only its words matter."""
    return Service(
        id=number,
        panel="main",
        panel_service=f"p{number}",
        name=name,
        type=kind,
        category=category,
        rate=Decimal("0.9"),
        minimum=10,
        maximum=1000,
        refill=None,
        cancel=None,
        dripfeed=None,
        description="",
    )


def many_services(count: int, seed: int = 1) -> list[Service]:
    """``count`` services in categories of up to 25, always the same for a seed; some names occur more than once."""
    chance = random.Random(seed)
    found: list[Service] = []
    while len(found) < count:
        size = min(chance.randint(1, 25), count - len(found))
        if chance.random() < 0.05:
            category, name = chance.choice(OTHERS)
            found += [service(len(found) + 1 + at, f"{name}{_extras(chance)}", category) for at in range(size)]
            continue
        written, wares = NETWORKS[chance.choice(tuple(NETWORKS))]
        ware, mark, end = chance.choice(wares), chance.choice("🔥⭐❖"), chance.choice(("| Best", "- Server 2", ""))
        category = f"{mark} {chance.choice(written)} {ware} {end}".strip()
        kinds = [kind for word, kind in TYPES.items() if word in category]
        for _ in range(size):
            name = f"{chance.choice(written)} {ware}{_extras(chance)}"
            found.append(service(len(found) + 1, name, category, *kinds[: chance.random() < 0.2]))
    return found


def _extras(chance: random.Random) -> str:
    between = chance.choice((" | ", " - ", " ~ "))
    server = f"S{chance.randint(1, 40)}" if chance.random() < 0.3 else ""
    words = [*(chance.choice(words) for words in (QUALITY, LIMIT, SPEED, AFTER)), server]
    return "".join(between + word for word in words if word)
