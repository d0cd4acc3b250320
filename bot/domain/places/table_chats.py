"""The links of messengers, forums and communities, by host."""

from bot.domain.places.kinds import PlaceKind as K
from bot.domain.places.sites import Sites, site

_PUBLICATION = (K.POST, K.VIDEO, K.SHORT)
_TELEGRAM_NAME = (K.CHANNEL, K.GROUP, K.PROFILE, K.BOT)

CHAT_SITES: Sites = dict(
    (
        *site(
            "Telegram",
            "t.me telegram.me telegram.dog",
            {
                "+<id>": K.PROFILE,  # a telephone number
                "+<name>": K.INVITE,
                "joinchat/<name>": K.INVITE,
                "c/<any>/<id>/...": K.POST,
                "s/<name>/<id>": K.POST,
                "s/<name>": K.CHANNEL,
                "boost/<name>": K.CHANNEL,
                "<name>/s/<id>": K.STORY,
                "<name>/<id>?comment": K.COMMENT,
                "<name>/<id>/<id>": K.POST,
                "<name>/<id>": K.POST,
                "<name>?livestream": K.LIVE,
                "<name>?videochat": K.LIVE,
                "<name>?voicechat": K.LIVE,
                "<name>?start": K.BOT,
                "<name>?startgroup": K.BOT,
                "<name>?startapp": K.BOT,
                "<name>/<any>?startapp": K.BOT,
                "<bot>": K.BOT,
                "<bot>/<any>": K.BOT,
                "<name>": _TELEGRAM_NAME,
            },
            own="s c joinchat boost addlist addstickers addemoji addtheme proxy socks setlanguage iv invoice bg "
            "giftcode confirmphone nft m",
            named=True,
        ),
        *site("Telegram", "web.telegram.org telegram.org", {}),
        *site("Telegram", "telegra.ph graph.org", {"<name>": K.POST}),
        *site(
            "WhatsApp",
            "whatsapp.com",
            {"channel/<name>": K.CHANNEL, "channel/<name>/<any>": K.POST, "send?phone": K.PROFILE},
        ),
        *site("WhatsApp", "chat.whatsapp.com", {"invite/<name>": K.INVITE, "<name>": K.INVITE}),
        *site("WhatsApp", "wa.me", {"channel/<name>": K.CHANNEL, "message/<name>": K.PROFILE, "<name>": K.PROFILE}),
        *site(
            "LINE",
            "line.me lin.ee",
            {
                "ti/p/<name>": K.PROFILE,
                "r/ti/p/<name>": K.PROFILE,
                "r/ti/g|g2/<name>": K.GROUP,
                "ti/g|g2/<name>": K.GROUP,
            },
        ),
        *site(
            "Discord",
            "discord.com discordapp.com",
            {
                "invite/<name>": K.INVITE,
                "channels/<any>/<id>/<id>": K.POST,
                "users/<name>": K.PROFILE,
                "events/<any>/<name>": K.EVENT,
            },
        ),
        *site("Discord", "discord.gg dsc.gg", {"<name>": K.INVITE}),
        *site(
            "Reddit",
            "reddit.com",
            {
                "r|user|u/<any>/comments/<name>/<any>/<any>/...": K.COMMENT,
                "r|user|u/<any>/comments/<name>/...": _PUBLICATION,
                "comments/<name>/...": _PUBLICATION,
                "gallery|video/<name>": _PUBLICATION,
                "r|user|u/<any>/s/<name>": (K.POST, K.COMMENT, K.VIDEO),
                "user|u/<name>/...": K.PROFILE,
                "r/<name>/...": K.GROUP,
            },
        ),
        *site("Reddit", "redd.it", {"<name>": _PUBLICATION}),
        *site(
            "Quora",
            "quora.com",
            {
                "profile/<name>/...": K.PROFILE,
                "q/<name>": K.GROUP,
                "q/<name>/<any>": K.POST,
                "<any>/answer|answers/<name>": K.POST,
                "unanswered/<name>": K.POST,
                "topic/<name>": K.PAGE,
                "<name>": (K.POST, K.GROUP),
            },
            own="profile q topic answer spaces following",
        ),
        *site(
            "Tumblr",
            "tumblr.com",
            {
                "blog/view/<name>/<id>": K.POST,
                "blog/<name>": K.PROFILE,
                "blog/view/<name>": K.PROFILE,
                "<name>/post|video|image/<id>/...": K.POST,
                "<name>/<id>/...": K.POST,
                "<name>": K.PROFILE,
            },
            named=True,
            own="blog dashboard tagged",
        ),
        *site(
            "Clubhouse",
            "clubhouse.com joinclubhouse.com",
            {
                "@<name>": K.PROFILE,
                "club|house|c/<name>/...": K.GROUP,
                "room/<name>": K.LIVE,
                "event|invite/<name>": K.EVENT,
            },
        ),
        *site(
            "Steam",
            "steamcommunity.com",
            {
                "id|profiles/<name>/...": K.PROFILE,
                "groups|gid/<name>/...": K.GROUP,
                "sharedfiles|workshop/filedetails?id": K.POST,
            },
        ),
        *site("Steam", "store.steampowered.com s.team", {}),
    )
)
