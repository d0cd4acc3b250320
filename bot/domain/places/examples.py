"""An example link for each kind of place that a network has."""

from collections.abc import Iterable, Mapping

from bot.domain.networks import network_of
from bot.domain.places.kinds import WEBSITE, PlaceKind

_K = PlaceKind
ANY_SITE: Mapping[PlaceKind, str] = {_K.SITE: "https://example.com/page"}

# By network, the most usual first. A network has no other kinds than these, as far as warnings are concerned.
EXAMPLES: Mapping[str, Mapping[PlaceKind, str]] = {
    "Instagram": {
        _K.PROFILE: "https://instagram.com/username/",
        _K.POST: "https://instagram.com/p/Cabc123/",
        _K.SHORT: "https://instagram.com/reel/Cabc123/",
        _K.STORY: "https://instagram.com/stories/username/1234567890/",
        _K.LIVE: "https://instagram.com/username/live/",
        _K.COMMENT: "https://instagram.com/p/Cabc123/c/1234567890/",
        _K.CHANNEL: "https://instagram.com/channel/AbC123/",
    },
    "TikTok": {
        _K.PROFILE: "https://tiktok.com/@username",
        _K.VIDEO: "https://tiktok.com/@username/video/1234567890",
        _K.LIVE: "https://tiktok.com/@username/live",
    },
    "YouTube": {
        _K.VIDEO: "https://youtube.com/watch?v=dQw4w9WgXcQ",
        _K.CHANNEL: "https://youtube.com/@username",
        _K.SHORT: "https://youtube.com/shorts/dQw4w9WgXcQ",
        _K.LIVE: "https://youtube.com/live/dQw4w9WgXcQ",
        _K.COMMENT: "https://youtube.com/watch?v=dQw4w9WgXcQ&lc=UgxAbC123",
        _K.POST: "https://youtube.com/post/UgkxAbC123",
        _K.PLAYLIST: "https://youtube.com/playlist?list=PLAbC123",
    },
    "Telegram": {
        _K.CHANNEL: "https://t.me/channelname",
        _K.POST: "https://t.me/channelname/123",
        _K.STORY: "https://t.me/channelname/s/12",
        _K.BOT: "https://t.me/example_bot?start=123",
        _K.COMMENT: "https://t.me/channelname/123?comment=45",
        _K.INVITE: "https://t.me/+AbCdEf123456",
        _K.LIVE: "https://t.me/channelname?livestream",
    },
    "Facebook": {
        _K.PROFILE: "https://facebook.com/username",
        _K.POST: "https://facebook.com/username/posts/1234567890",
        _K.VIDEO: "https://facebook.com/watch/?v=1234567890",
        _K.SHORT: "https://facebook.com/reel/1234567890",
        _K.LIVE: "https://facebook.com/watch/live/?v=1234567890",
        _K.GROUP: "https://facebook.com/groups/groupname",
        _K.STORY: "https://facebook.com/stories/1234567890/AbC123",
        _K.EVENT: "https://facebook.com/events/1234567890",
        _K.COMMENT: "https://facebook.com/username/posts/1234567890?comment_id=123",
    },
    "X (Twitter)": {
        _K.PROFILE: "https://x.com/username",
        _K.POST: "https://x.com/username/status/1234567890",
        _K.LIVE: "https://x.com/i/spaces/1AbCdEfGh",
        _K.GROUP: "https://x.com/i/communities/1234567890",
    },
    "Threads": {
        _K.PROFILE: "https://threads.com/@username",
        _K.POST: "https://threads.com/@username/post/Cabc123",
    },
    "Snapchat": {
        _K.PROFILE: "https://snapchat.com/add/username",
        _K.SHORT: "https://snapchat.com/spotlight/AbC123",
        _K.STORY: "https://story.snapchat.com/s/AbC123",
    },
    "WhatsApp": {
        _K.CHANNEL: "https://whatsapp.com/channel/0029AbC123",
        _K.INVITE: "https://chat.whatsapp.com/AbC123",
        _K.POST: "https://whatsapp.com/channel/0029AbC123/123",
    },
    "LINE": {_K.PROFILE: "https://line.me/R/ti/p/@username", _K.GROUP: "https://line.me/ti/g2/AbC123"},
    "Spotify": {
        _K.TRACK: "https://open.spotify.com/track/6rqhFgbbKwnb9MLmUQDhG6",
        _K.ARTIST: "https://open.spotify.com/artist/0OdUWJ0sBjDrqHygGUXeCF",
        _K.ALBUM: "https://open.spotify.com/album/1DFixLWuPkv3KT3TnV35m3",
        _K.PLAYLIST: "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M",
        _K.PROFILE: "https://open.spotify.com/user/username",
        _K.SHOW: "https://open.spotify.com/show/2MAi0BvDc6GTFvKFPXnkCL",
        _K.EPISODE: "https://open.spotify.com/episode/512ojhOuo1ktJprKbVcKyQ",
    },
    "SoundCloud": {
        _K.TRACK: "https://soundcloud.com/username/track-name",
        _K.PROFILE: "https://soundcloud.com/username",
        _K.PLAYLIST: "https://soundcloud.com/username/sets/playlist-name",
    },
    "Apple Music": {
        _K.TRACK: "https://music.apple.com/us/song/song-name/1234567890",
        _K.ALBUM: "https://music.apple.com/us/album/album-name/1234567890",
        _K.ARTIST: "https://music.apple.com/us/artist/artist-name/1234567890",
        _K.PLAYLIST: "https://music.apple.com/us/playlist/playlist-name/pl.AbC123",
    },
    "Audiomack": {
        _K.TRACK: "https://audiomack.com/username/song/song-name",
        _K.ARTIST: "https://audiomack.com/username",
        _K.ALBUM: "https://audiomack.com/username/album/album-name",
        _K.PLAYLIST: "https://audiomack.com/username/playlist/playlist-name",
    },
    "Deezer": {
        _K.TRACK: "https://deezer.com/track/1234567890",
        _K.ARTIST: "https://deezer.com/artist/1234",
        _K.ALBUM: "https://deezer.com/album/1234567",
        _K.PLAYLIST: "https://deezer.com/playlist/1234567890",
        _K.PROFILE: "https://deezer.com/profile/1234567",
    },
    "Shazam": {_K.TRACK: "https://shazam.com/song/1234567890/song-name", _K.ARTIST: "https://shazam.com/artist/1234"},
    "Tidal": {
        _K.TRACK: "https://tidal.com/track/1234567",
        _K.ARTIST: "https://tidal.com/artist/1234567",
        _K.ALBUM: "https://tidal.com/album/1234567",
        _K.PLAYLIST: "https://tidal.com/playlist/12345678-abcd",
    },
    "Mixcloud": {_K.TRACK: "https://mixcloud.com/username/show-name/", _K.PROFILE: "https://mixcloud.com/username/"},
    "Twitch": {
        _K.CHANNEL: "https://twitch.tv/username",
        _K.VIDEO: "https://twitch.tv/videos/1234567890",
        _K.SHORT: "https://clips.twitch.tv/ClipName",
    },
    "Kick": {
        _K.CHANNEL: "https://kick.com/username",
        _K.VIDEO: "https://kick.com/username/videos/12345678-abcd",
        _K.SHORT: "https://kick.com/username/clips/clip_AbC123",
    },
    "Trovo": {_K.CHANNEL: "https://trovo.live/s/username"},
    "Discord": {_K.INVITE: "https://discord.gg/AbC123"},
    "LinkedIn": {
        _K.PROFILE: "https://linkedin.com/in/username",
        _K.POST: "https://linkedin.com/posts/username_activity-1234567890",
        _K.GROUP: "https://linkedin.com/groups/1234567",
        _K.EVENT: "https://linkedin.com/events/1234567890",
    },
    "Pinterest": {_K.PROFILE: "https://pinterest.com/username", _K.POST: "https://pinterest.com/pin/1234567890"},
    "Reddit": {
        _K.POST: "https://reddit.com/r/name/comments/abc123/title/",
        _K.PROFILE: "https://reddit.com/user/username",
        _K.GROUP: "https://reddit.com/r/name",
        _K.COMMENT: "https://reddit.com/r/name/comments/abc123/title/def456/",
    },
    "Quora": {
        _K.PROFILE: "https://quora.com/profile/User-Name",
        _K.POST: "https://quora.com/Question-title/answer/User-Name",
        _K.GROUP: "https://quora.com/q/spacename",
    },
    "Tumblr": {_K.PROFILE: "https://username.tumblr.com", _K.POST: "https://tumblr.com/username/1234567890"},
    "Bluesky": {
        _K.PROFILE: "https://bsky.app/profile/username.bsky.social",
        _K.POST: "https://bsky.app/profile/username.bsky.social/post/3abc123",
    },
    "Clubhouse": {
        _K.PROFILE: "https://clubhouse.com/@username",
        _K.GROUP: "https://clubhouse.com/club/name",
        _K.LIVE: "https://clubhouse.com/room/AbC123",
    },
    "Rumble": {_K.VIDEO: "https://rumble.com/v1abc2-title.html", _K.CHANNEL: "https://rumble.com/c/username"},
    "Likee": {
        _K.PROFILE: "https://likee.video/@username",
        _K.VIDEO: "https://likee.video/@username/video/1234567890",
    },
    "Kwai": {_K.PROFILE: "https://kwai.com/@username", _K.VIDEO: "https://kwai.com/@username/video/1234567890"},
    "Dailymotion": {
        _K.VIDEO: "https://dailymotion.com/video/x8abc12",
        _K.CHANNEL: "https://dailymotion.com/username",
        _K.PLAYLIST: "https://dailymotion.com/playlist/x6abc1",
    },
    "Vimeo": {_K.VIDEO: "https://vimeo.com/123456789", _K.PROFILE: "https://vimeo.com/username"},
    "VK": {
        _K.PROFILE: "https://vk.com/username",
        _K.GROUP: "https://vk.com/club123456",
        _K.POST: "https://vk.com/wall-123456_789",
        _K.VIDEO: "https://vk.com/video-123456_789",
        _K.SHORT: "https://vk.com/clip-123456_789",
        _K.STORY: "https://vk.com/story-123456_789",
        _K.PLAYLIST: "https://vk.com/music/playlist/-123456_789",
    },
    "OK": {
        _K.PROFILE: "https://ok.ru/profile/1234567890",
        _K.GROUP: "https://ok.ru/group/1234567890",
        _K.POST: "https://ok.ru/group/1234567890/topic/123",
        _K.VIDEO: "https://ok.ru/video/1234567890",
    },
    "Rutube": {
        _K.VIDEO: "https://rutube.ru/video/0123456789abcdef/",
        _K.CHANNEL: "https://rutube.ru/channel/1234567/",
        _K.SHORT: "https://rutube.ru/shorts/0123456789abcdef/",
    },
    "Steam": {
        _K.PROFILE: "https://steamcommunity.com/id/username",
        _K.GROUP: "https://steamcommunity.com/groups/name",
        _K.POST: "https://steamcommunity.com/sharedfiles/filedetails/?id=1234567890",
    },
    "OnlyFans": {_K.PROFILE: "https://onlyfans.com/username", _K.POST: "https://onlyfans.com/1234567890/username"},
    "Trustpilot": {_K.BUSINESS: "https://trustpilot.com/review/example.com"},
    "Google": {_K.BUSINESS: "https://maps.app.goo.gl/AbC123", _K.SITE: "https://example.com/page"},
    WEBSITE: ANY_SITE,
}

# Where a service takes several kinds, the telling one is shown: a story for story views, though a profile does too.
_TELLING = (_K.STORY, _K.LIVE, _K.COMMENT, _K.BOT, _K.EVENT)


def usual_kinds(network: str | None, kinds: Iterable[PlaceKind]) -> tuple[PlaceKind, ...]:
    """Return those of the kinds that a network has, the one to name first; all of them where it is not known."""
    wanted = set(kinds)
    known = [kind for kind in EXAMPLES.get(network or "", ()) if kind in wanted]
    left = known or [kind for kind in PlaceKind if kind in wanted]
    return tuple(sorted(left, key=lambda kind: kind not in _TELLING))  # stable


def example_link(network: str | None, kinds: Iterable[PlaceKind] = ()) -> str:
    """Return a made-up link of a network, such as a service that takes ``kinds`` wants.

    ``network`` is its name in the shop, or a category's. Without kinds it is the network's most usual one; an
    ordinary website's where the network is not known.
    """
    known = network if network in EXAMPLES else network_of(network or "")
    examples = EXAMPLES.get(known or "", ANY_SITE)
    fitting = [kind for kind in usual_kinds(known, kinds) if kind in examples]
    return examples[fitting[0]] if fitting else next(iter(examples.values()))
