"""Links as apps and people hand them out, and what they lead to."""

from bot.domain.networks import NETWORKS
from bot.domain.places import WEBSITE

# Link; kind; name, or a dash for none. The line with a network's name begins its links.
TABLE = """
Instagram
https://www.instagram.com/anna/ profile anna
instagram.com/anna profile anna
HTTPS://WWW.INSTAGRAM.COM/Anna?igsh=abc&utm_source=qr#x profile Anna
http://m.instagram.com/anna.b_c profile anna.b_c
https://instagr.am/anna profile anna
https://instagram.com/%61nna profile anna
https://instagram.com/anna/reels/ profile anna
https://instagram.com/anna/tagged/ profile anna
https://www.instagram.com/p/Cx1-_y/ post Cx1-_y
https://www.instagram.com/p/Cx1/?img_index=2&igsh=a== post Cx1
https://www.instagram.com/P/Cx1/ post Cx1
https://www.instagram.com/anna/p/Cx1/ post anna
https://www.instagram.com/reel/Cx1/ short Cx1
https://www.instagram.com/reels/Cx1/ short Cx1
https://www.instagram.com/anna/reel/Cx1/?hl=de short anna
https://www.instagram.com/share/reel/BAx1 short BAx1
https://www.instagram.com/tv/Cx1/ video Cx1
https://www.instagram.com/stories/anna/3141592653/ story anna
https://www.instagram.com/stories/highlights/17900/ story 17900
https://www.instagram.com/s/aGlnaA?story_media_id=1 story aGlnaA
https://www.instagram.com/anna/live/ live anna
https://www.instagram.com/p/Cx1/c/178/ comment Cx1
https://www.instagram.com/channel/AbC/ channel AbC
https://ig.me/j/AbC/ invite AbC
https://www.instagram.com/explore/tags/travel/ page -
https://www.instagram.com/reels/audio/123/ page -
https://www.instagram.com/ page -
https://instagram.com page -
https://help.instagram.com/anna page -
https://www.instagram.com/accounts/login/ page -
TikTok
https://www.tiktok.com/@anna profile anna
tiktok.com/@anna.b?lang=en profile anna.b
https://www.tiktok.com/@anna/video/7301?is_from_webapp=1 video anna
https://m.tiktok.com/v/7301.html video 7301
https://www.tiktok.com/embed/v2/7301 video 7301
https://www.tiktok.com/@anna/photo/7301 post anna
https://www.tiktok.com/@anna/live live anna
https://www.tiktok.com/@anna/playlist/Fun-73 playlist anna
https://vm.tiktok.com/ZMabc/ video ZMabc
https://vt.tiktok.com/ZSabc video ZSabc
https://www.tiktok.com/t/ZTabc/ video ZTabc
https://www.tiktok.com/music/original-sound-73 page -
https://www.tiktok.com/tag/fun page -
YouTube
https://www.youtube.com/watch?v=dQw4w9WgXcQ video dQw4w9WgXcQ
https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&t=3s video dQw4w9WgXcQ
youtube.com/watch/?v=dQw4w9WgXcQ&list=PL1 video dQw4w9WgXcQ
https://music.youtube.com/watch?v=dQw4w9WgXcQ&si=a video dQw4w9WgXcQ
https://youtu.be/dQw4w9WgXcQ?si=a video dQw4w9WgXcQ
https://www.youtube.com/embed/dQw4w9WgXcQ video dQw4w9WgXcQ
https://www.youtube.com/shorts/dQw4w9WgXcQ?feature=share short dQw4w9WgXcQ
https://www.youtube.com/clip/UgkxA short UgkxA
https://www.youtube.com/live/dQw4w9WgXcQ live dQw4w9WgXcQ
https://www.youtube.com/@anna/live live anna
https://www.youtube.com/watch?v=dQw4w9WgXcQ&lc=UgxA comment UgxA
https://www.youtube.com/@anna channel anna
https://www.youtube.com/@anna/videos channel anna
https://www.youtube.com/@%D0%90%D0%BD%D0%BD%D0%B0 channel Анна
https://www.youtube.com/channel/UCabc channel UCabc
https://www.youtube.com/c/Anna/about channel Anna
https://www.youtube.com/user/anna channel anna
https://www.youtube.com/anna channel anna
https://music.youtube.com/channel/UCabc channel UCabc
https://www.youtube.com/playlist?list=PLabc playlist PLabc
https://music.youtube.com/playlist?list=OLabc playlist OLabc
https://www.youtube.com/post/UgkxA post UgkxA
https://www.youtube.com/channel/UCabc/community?lb=UgkxA post UgkxA
https://www.youtube.com/results?search_query=a page -
https://www.youtube.com/watch page -
https://studio.youtube.com/channel/UCabc page -
Telegram
https://t.me/durov channel durov
t.me/durov channel durov
https://telegram.me/durov/ channel durov
https://durov.t.me channel durov
https://t.me/s/durov channel durov
https://t.me/boost/durov channel durov
https://t.me/durov/123 post durov
https://t.me/durov/123?single post durov
https://t.me/s/durov/123 post durov
https://t.me/c/1234567/89 post -
https://t.me/forum/12/345 post forum
https://durov.t.me/123 post durov
https://telegra.ph/Title-01-01 post Title-01-01
https://t.me/durov/123?comment=45 comment durov
https://t.me/durov/s/12 story durov
https://t.me/durov?livestream live durov
https://t.me/durov?videochat=abc live durov
https://t.me/+AbCdEf_1 invite AbCdEf_1
https://t.me/joinchat/AbCdEf invite AbCdEf
https://t.me/+491701234567 profile -
https://t.me/anna_bot bot anna_bot
https://t.me/AnnaBot?start=ref1 bot AnnaBot
https://t.me/AnnaBot/app?startapp=1 bot AnnaBot
https://t.me/anything?start=ref1 bot anything
https://t.me/addstickers/Cats page -
https://t.me/ page -
https://web.telegram.org/k/#@durov page -
X (Twitter)
https://x.com/anna profile anna
https://twitter.com/anna?s=20 profile anna
https://mobile.twitter.com/anna/with_replies profile anna
https://x.com/anna/status/1730 post anna
https://twitter.com/anna/status/1730/photo/1 post anna
https://x.com/i/status/1730 post 1730
https://x.com/i/web/status/1730 post 1730
https://x.com/i/spaces/1AbC live 1AbC
https://x.com/i/broadcasts/1AbC live 1AbC
https://x.com/i/communities/1730 group 1730
https://x.com/search?q=a page -
https://x.com/home page -
https://x.com/intent/tweet?text=a page -
https://t.co/AbC page -
Facebook
https://www.facebook.com/anna.b profile anna.b
https://de-de.facebook.com/anna profile anna
https://m.facebook.com/profile.php?id=1000 profile 1000
https://www.facebook.com/people/Anna-B/1000/ profile Anna-B
https://www.facebook.com/pages/Cafe/1000 profile Cafe
https://www.facebook.com/p/Cafe-1000/ profile Cafe-1000
https://fb.com/anna profile anna
https://www.facebook.com/anna/photos profile anna
https://m.me/anna profile anna
https://www.facebook.com/anna/posts/pfbid0abc post anna
https://www.facebook.com/permalink.php?story_fbid=1&id=2 post 1
https://m.facebook.com/story.php?story_fbid=1&id=2 post 1
https://www.facebook.com/photo.php?fbid=1 post 1
https://www.facebook.com/photo/?fbid=1&set=a.2 post 1
https://www.facebook.com/anna/photos/a.1/2 post anna
https://www.facebook.com/share/p/AbC/ post AbC
https://www.facebook.com/groups/cats/posts/1/ post cats
https://www.facebook.com/groups/cats/permalink/1/ post cats
https://www.facebook.com/groups/cats/?multi_permalinks=1 post cats
https://www.facebook.com/anna/videos/123 video anna
https://www.facebook.com/anna/videos/title/123 video anna
https://www.facebook.com/watch/?v=123 video 123
https://www.facebook.com/watch?v=123 video 123
https://fb.watch/abc_1/ video abc_1
https://www.facebook.com/share/v/AbC/ video AbC
https://www.facebook.com/watch/live/?v=123 live 123
https://www.facebook.com/reel/123 short 123
https://www.facebook.com/share/r/AbC/ short AbC
https://www.facebook.com/stories/123/UzpfAbC== story 123
https://www.facebook.com/groups/cats/ group cats
https://www.facebook.com/share/g/AbC/ group AbC
https://www.facebook.com/events/123/ event 123
https://www.facebook.com/share/AbC/ page -
https://www.facebook.com/marketplace/item/1 page -
https://www.facebook.com/hashtag/cats page -
https://www.facebook.com/sharer/sharer.php?u=x page -
Threads
https://www.threads.net/@anna profile anna
https://www.threads.com/@anna?xmt=1 profile anna
https://www.threads.com/@anna/post/Cx1 post anna
Snapchat
https://www.snapchat.com/add/anna profile anna
https://www.snapchat.com/@anna?locale=en profile anna
https://www.snapchat.com/spotlight/W7_abc short W7_abc
https://story.snapchat.com/s/m:abc story m:abc
https://t.snapchat.com/AbC short AbC
WhatsApp
https://whatsapp.com/channel/0029abc channel 0029abc
https://www.whatsapp.com/channel/0029abc/12 post 0029abc
https://chat.whatsapp.com/AbC invite AbC
https://wa.me/49170 profile 49170
https://api.whatsapp.com/send?phone=49170 profile 49170
LINE
https://line.me/R/ti/p/@anna profile @anna
https://line.me/ti/g2/AbC group AbC
https://lin.ee/AbC page -
Discord
https://discord.gg/AbC invite AbC
https://discord.com/invite/AbC invite AbC
https://discord.com/channels/1/2/3 post -
https://discord.com/download page -
LinkedIn
https://www.linkedin.com/in/anna-b/ profile anna-b
https://de.linkedin.com/company/cafe/about/ profile cafe
https://www.linkedin.com/posts/anna_activity-1-x post anna_activity-1-x
https://www.linkedin.com/feed/update/urn:li:activity:1/ post urn:li:activity:1
https://www.linkedin.com/groups/1/ group 1
https://lnkd.in/AbC page -
Pinterest
https://www.pinterest.com/pin/1234/ post 1234
https://pinterest.de/pin/1234/ post 1234
https://www.pinterest.co.uk/anna/ profile anna
https://www.pinterest.com/anna/board/ page -
https://pin.it/AbC post AbC
Reddit
https://www.reddit.com/r/cats/ group cats
https://old.reddit.com/user/anna profile anna
https://www.reddit.com/u/anna/ profile anna
https://www.reddit.com/r/cats/comments/abc/title/ post abc
https://redd.it/abc post abc
https://www.reddit.com/r/cats/s/AbC post AbC
https://www.reddit.com/r/cats/comments/abc/title/def/ comment abc
VK
https://vk.com/anna profile anna
https://m.vk.com/id123 profile 123
https://vk.com/wallpaper profile wallpaper
https://vk.com/videomaker profile videomaker
https://vk.com/club123 group 123
https://vk.com/public123 group 123
https://vk.com/wall-1_2 post -1_2
https://vk.com/anna?w=wall1_2 post 1_2
https://vk.com/feed?w=wall-1_2%2Fall post -1_2
https://vk.com/wall-1_2?reply=3 comment -1_2
https://vk.com/photo-1_2 post -1_2
https://vk.com/video-1_2 video -1_2
https://vk.com/feed?z=video-1_2%2Fabc video -1_2
https://vkvideo.ru/video-1_2 video -1_2
https://vk.com/clip-1_2 short -1_2
https://vk.com/story1_2 story 1_2
https://vk.com/music/playlist/1_2_abc playlist 1_2_abc
https://vk.com/feed page -
OK
https://ok.ru/profile/123 profile 123
https://ok.ru/anna profile anna
https://ok.ru/group/123 group 123
https://ok.ru/group/123/topic/4 post 123
https://ok.ru/profile/123/statuses/4 post 123
https://m.ok.ru/video/123 video -
Spotify
https://open.spotify.com/track/6rqh?si=a track 6rqh
https://open.spotify.com/intl-de/track/6rqh track 6rqh
https://open.spotify.com/embed/album/1DF album 1DF
https://open.spotify.com/artist/0Od artist 0Od
https://open.spotify.com/playlist/37i playlist 37i
https://open.spotify.com/user/anna/playlist/37i playlist 37i
https://open.spotify.com/user/anna profile anna
https://open.spotify.com/show/2MA show 2MA
https://open.spotify.com/episode/512 episode 512
https://spotify.link/AbC page -
https://support.spotify.com/article/track page -
SoundCloud
https://soundcloud.com/anna profile anna
https://soundcloud.com/anna/tracks profile anna
https://soundcloud.com/anna/song track song
https://soundcloud.com/anna/song/s-AbC track song
https://soundcloud.com/anna/sets/mix playlist mix
https://on.soundcloud.com/AbC track AbC
https://soundcloud.com/discover page -
Apple Music
https://music.apple.com/us/album/name/123 album name
https://music.apple.com/us/album/name/123?i=456 track 456
https://music.apple.com/de/artist/name/123 artist name
https://music.apple.com/us/playlist/name/pl.u-1 playlist name
Deezer
https://www.deezer.com/en/track/123 track 123
https://deezer.com/playlist/123 playlist 123
https://link.deezer.com/s/AbC page -
Tidal
https://tidal.com/browse/track/123 track 123
https://listen.tidal.com/album/123 album 123
Shazam
https://www.shazam.com/track/123/name track 123
https://www.shazam.com/en-us/artist/name/123 artist name
Audiomack
https://audiomack.com/anna artist anna
https://audiomack.com/anna/song/x track x
https://audiomack.com/anna/album/x album x
https://audiomack.com/song/anna/x track x
Mixcloud
https://www.mixcloud.com/anna/ profile anna
https://www.mixcloud.com/anna/show/ track show
Twitch
https://www.twitch.tv/anna channel anna
https://www.twitch.tv/anna/videos channel anna
https://www.twitch.tv/videos/123 video 123
https://www.twitch.tv/anna/clip/Abc short anna
https://clips.twitch.tv/Abc short Abc
https://player.twitch.tv/?channel=anna channel anna
https://www.twitch.tv/directory page -
Kick
https://kick.com/anna channel anna
https://kick.com/anna/videos/1-2-3 video anna
https://kick.com/anna?clip=clip_1 short anna
Trovo
https://trovo.live/s/anna/123 channel anna
Rumble
https://rumble.com/v4abc-title.html video v4abc-title
https://rumble.com/c/anna channel anna
Vimeo
https://vimeo.com/123456 video -
https://player.vimeo.com/video/123456?h=a video 123456
https://vimeo.com/anna profile anna
https://vimeo.com/showcase/123 playlist 123
Dailymotion
https://www.dailymotion.com/video/x8a video x8a
https://dai.ly/x8a video x8a
https://www.dailymotion.com/anna channel anna
Rutube
https://rutube.ru/video/0123abc/ video 0123abc
https://rutube.ru/channel/123/ channel 123
https://rutube.ru/shorts/0123abc/ short 0123abc
Likee
https://likee.video/@anna profile anna
https://l.likee.video/v/AbC video AbC
Kwai
https://www.kwai.com/@anna profile anna
https://k.kwai.com/p/AbC video p
Tumblr
https://anna.tumblr.com profile anna
https://www.tumblr.com/anna profile anna
https://anna.tumblr.com/post/123/title post anna
https://www.tumblr.com/anna/123/title post anna
Quora
https://www.quora.com/profile/Anna-B profile Anna-B
https://www.quora.com/What-is-it/answer/Anna-B post Anna-B
https://es.quora.com/Que-es post Que-es
https://www.quora.com/q/cats group cats
Bluesky
https://bsky.app/profile/anna.bsky.social profile anna.bsky.social
https://anna.bsky.social profile anna
https://bsky.app/profile/anna.example/post/3k post anna.example
Clubhouse
https://www.clubhouse.com/@anna profile anna
https://www.clubhouse.com/room/AbC live AbC
Steam
https://steamcommunity.com/id/anna/ profile anna
https://steamcommunity.com/groups/cats group cats
OnlyFans
https://onlyfans.com/anna profile anna
https://onlyfans.com/123/anna post anna
Trustpilot
https://www.trustpilot.com/review/example.com business example.com
https://de.trustpilot.com/review/example.com business example.com
Google
https://www.google.com/maps/place/Cafe+Anna/@1.2,3.4,17z business Cafe+Anna
https://maps.app.goo.gl/AbC business AbC
https://maps.google.de/?cid=123 business -
https://google.co.uk/maps/place/Cafe/ business Cafe
https://g.page/r/AbC/review business r
https://play.google.com/store/apps/details?id=com.x business com.x
https://www.google.com/search?q=a page -
Website
https://example.com site example.com
example.com/a?b=c#d site example.com
https://shop.example.co.uk:8443/instagram.com/anna site shop.example.co.uk
https://пример.рф/страница site пример.рф
https://xn--e1afmkfd.xn--p1ai/ site xn--e1afmkfd.xn--p1ai
https://instagram.com.example.net/anna site instagram.com.example.net
https://notinstagram.com/p/1 site notinstagram.com
https://google.xyz.com/maps/place/x site google.xyz.com
https://google.example/maps/place/x site google.example
"""


def rows() -> list[tuple[str, str, str, str | None]]:
    """The table as (link, network, kind, name)."""
    network, found = "", []
    for line in filter(None, TABLE.splitlines()):
        link, *expected = line.split(" ")
        if line in {*NETWORKS, WEBSITE}:
            network = line
        else:
            kind, name = expected
            found.append((link, network, kind, None if name == "-" else name))
    return found
