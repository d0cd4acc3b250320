"""The words in services' names that tell what is sold, and what kind of link that takes."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache


class Sign(StrEnum):
    """What a word in a service's name is a sign of."""

    # What is sold.
    FOLLOWERS = "followers"
    MEMBERS = "members"
    REACTIONS = "reactions"  # likes, views, comments, shares: what a post gets
    PLAYS = "plays"
    LISTENERS = "listeners"
    VIEWERS = "viewers"
    VISITS = "visits"
    REVIEWS = "reviews"
    ATTENDEES = "attendees"
    STARTS = "starts"  # of a bot
    COMMENT_LIKES = "comment likes"
    AUTOMATIC = "automatic"  # for posts to come, or for the last ones: found by the account
    UNTOLD = "untold"  # mentions and messages: each panel wants another link
    # What it is sold for.
    ACCOUNT = "account"
    GROUP = "group"
    POST = "post"
    VIDEO = "video"
    SHORT = "short"
    STORY = "story"
    LIVE = "live"
    PLAYLIST = "playlist"
    ALBUM = "album"
    ARTIST = "artist"
    SHOW = "show"


WARES = frozenset(
    {
        Sign.FOLLOWERS,
        Sign.MEMBERS,
        Sign.REACTIONS,
        Sign.PLAYS,
        Sign.LISTENERS,
        Sign.VIEWERS,
        Sign.VISITS,
        Sign.REVIEWS,
        Sign.ATTENDEES,
        Sign.STARTS,
        Sign.COMMENT_LIKES,
        Sign.AUTOMATIC,
        Sign.UNTOLD,
    }
)

# Whole words, as regular expressions, in English, Russian, Spanish, Portuguese, Turkish, French, German,
# Indonesian, Persian and Arabic; Arabic ones after an article or a preposition too. The plural of "profile" and
# "account" is left out: it speaks of those who like, not of what is liked.
_ARABIC = r"(?:[وفبل]|ال|وال|بال|لل)?"
_ROWS: tuple[tuple[Sign, str], ...] = (
    (
        Sign.COMMENT_LIKES,
        r"comments? (?:likes?|dislikes?|(?:up|down)votes?|repl(?:y|ies)|reactions?|hearts?)"
        r"|(?:likes?|repl(?:y|ies)|(?:up|down)votes?) (?:on|for|to) (?:(?:your|a|the|any) )?comments?"
        r"|(?:лайк\w*|дизлайк\w*|ответ\w*) (?:на|к|для) коммент\w*|yorum be[gğ]eni\w*|me gusta (?:en|a) comentarios?"
        r"|curtidas? em coment[aá]rios?|" + _ARABIC + r"(?:لايك\w*|[اإ]عجاب\w*) (?:على )?(?:ال)?(?:تعليق|كومنت)\w*",
    ),
    (
        Sign.AUTOMATIC,
        r"auto(?:matic)?[ -]?(?:likes?|views?|comments?|shares?|reactions?|saves?|impressions?|votes?|reposts?)"
        r"|auto(?:matic)? (?:retweets?|video|reels?|post|story) \w+"
        r"|(?:future|new|next|last|latest|recent|old|past|previous|upcoming) "
        r"(?:[0-9]+ ?)?(?:posts?|tweets?|videos?|reels?|photos?|stor(?:y|ies)|publications?)"
        r"|авто ?-?(?:лайк|просмотр|реакц|репост|коммент)\w*"
        r"|(?:последн|нов|будущ|следующ|стар)\w+ (?:[0-9]+ )?(?:пост|запис|публикац|видео)\w*"
        r"|[uú]ltim[ao]s (?:[0-9]+ )?(?:posts?|publica\w+)|son [0-9]+ (?:gönderi|payla[sş][iı]m|post)\w*"
        r"|(?:آخر|اخر) (?:[0-9]+ )?(?:منشور|بوست|مقطع|فيديو)\w*"
        r"|" + _ARABIC + r"(?:لايك|مشاهد|[اإ]عجاب|تفاعل)\w* تلقائي\w*",
    ),
    (
        Sign.STARTS,
        (
            r"bots? (?:starts?|activations?|referrals?|refs?|users?|subscribers?)|starts? bots?|start in bot"
            r"|bot ba[sş]lat\w*|(?:запуск|старт)\w* (?:в )?бот\w*|бот\w* (?:старт|запуск)\w*"
        ),
    ),
    (
        Sign.UNTOLD,
        r"mentions?|dms?|direct messages?|mass messag\w+|messages?|reports?|упоминани\w*|menci(?:ones|ón)|men[cç][oõ]es"
        r"|bahset\w*|" + _ARABIC + r"منشن\w*",
    ),
    (
        Sign.FOLLOWERS,
        r"followers?|follows?|subscribers?|subscirbers?|subs|fans?|friends?|friend requests?|connections?|connects?"
        r"|подписчик\w*|фолловер\w*|друз\w+|підписник\w*|seguidor\w*|suscriptor\w*|subscritor\w*|inscrit[oa]s?|amigos?"
        r"|takip[cç]i\w*|abone\w*|abonn[eé]\w*|pengikut|فالوور\w*|فالور\w*|دنبال\w*"
        r"|" + _ARABIC + r"(?:متابع\w*|مشترك\w*|فولو\w*)",
    ),
    (
        Sign.MEMBERS,
        r"members?|memberships?|joins?|joiners?|boosts?|участник\w*|вступлени\w*|учасник\w*|miembros?|membros?|membres?"
        r"|üye\w*|mitglieder|anggota|ممبر|" + _ARABIC + r"(?:[اأ]?عضاء|عضو\w*)",
    ),
    (
        Sign.REACTIONS,
        r"likes?|dislikes?|hearts?|views?|comments?|repl(?:y|ies)|shares?|saves?|bookmarks?|fav(?:ou?rites?|s)"
        r"|reposts?|retweets?|quotes?|reblogs?|repins?|reactions?|impressions?|upvotes?|downvotes?|votes?|polls?|claps?"
        r"|reach|engagements?|watch ?(?:time|hours?)|screenshots?|clicks?|emoticons?|re-?ups?"
        r"|лайк\w*|дизлайк\w*|просмотр\w*|коммент\w*|репост\w*|реакци\w*|сохранени\w*|поделит\w*|голос\w*|охват\w*"
        r"|показ\w*|опрос\w*|вподоба\w*|перегляд\w*"
        r"|me gusta|curtidas?|vistas?|visualiza\w*|visuali[sz]aciones|comentarios?|comentários?|compartid\w*"
        r"|compartilha\w*|guardados?|salvamentos?|reacciones|rea[cç][oõ]es|votos?|encuestas?|enquetes?"
        r"|be[gğ]eni\w*|izlen\w*|görüntülen\w*|yorum\w*|payla[sş][iı]m\w*|kaydet\w*|tepki\w*|oylama|anket\w*"
        r"|j[’']aime|vues?|commentaires?|partages?|aufrufe|kommentare|suka|tayangan|komentar"
        r"|لایک\w*|بازدید|ویو|کامنت\w*"
        r"|" + _ARABIC + r"(?:لايك\w*|[اإ]عجاب\w*|مشاهد\w*|تعليق\w*|كومنت\w*|مشارك\w*|شير|حفظ|تفاعل\w*|ريتويت\w*"
        r"|[اإ]عاد[ةه] نشر|رياكش\w*|ر[يئ]توي\w*|تصويت\w*|استطلاع\w*|لايكات)",
    ),
    (
        Sign.PLAYS,
        r"plays?|streams?|listens?|downloads?|pre-?saves?|прослушивани\w*|reproduc\w+|dinlen\w*|écoutes?"
        r"|" + _ARABIC + r"(?:استماع\w*|تشغيل\w*)",
    ),
    (
        Sign.LISTENERS,
        r"listeners?|слушател\w*|oyentes?|ouvintes?|dinleyici\w*|auditeurs?|" + _ARABIC + r"مستمع\w*",
    ),
    (Sign.VIEWERS, r"viewers?|concurrent|зрител\w*|espectador\w*|izleyici\w*|zuschauer|" + _ARABIC + r"مشاهدين"),
    (
        Sign.VISITS,
        r"traffic|visitors?|visits?|hits?|seo|трафик\w*|посетител\w*|посещени\w*|визит\w*|tr[aá]fico|tr[aá]fego|visitas?"
        r"|visitantes?|trafi[kğ]\w*|ziyaret\w*|backlinks?|" + _ARABIC + r"(?:زيار\w*|زوار|زائر\w*|ترافيك)",
    ),
    (
        Sign.REVIEWS,
        r"reviews?|ratings?|отзыв\w*|оценк\w*|reseñas?|avalia[cç]\w*|de[gğ]erlendirme\w*|avis|bewertung\w*"
        r"|" + _ARABIC + r"(?:تقييم\w*|مراجع\w*)",
    ),
    (Sign.ATTENDEES, r"attendees?|attendances?|events?|interested|going|мероприяти\w*|eventos?|etkinlik\w*"),
    (
        Sign.ACCOUNT,
        r"profile|page|channel|account|fan ?page|профил\w*|страниц\w*|канал\w*|perfil|p[aá]gina|canal|profil(?:i\w*)?"
        r"|sayfa\w*|kanal\w*|" + _ARABIC + r"(?:صفح[ةه]|قنا[ةه]|حساب|بروفايل)",
    ),
    (
        Sign.GROUP,
        r"groups?|servers?|communit(?:y|ies)(?! (?:posts?|polls?|tab|likes?|comments?|views?|votes?))"
        r"|групп\w*|сообществ\w*|чат\w*|grupos?|comunidad\w*|gru[bp]\w*|" + _ARABIC + r"(?:جروب\w*|كروب\w*|مجموع\w*)",
    ),
    (
        Sign.POST,
        r"posts?|photos?|pictures?|images?|tweets?|pins?|status|carousels?|пост(?:ы|ов|а|у)?|фото\w*|запис\w+|публикаци\w*"
        r"|publicaci\w*|publica[cç]\w*|fotos?|gönderi\w*|" + _ARABIC + r"(?:منشور\w*|بوست\w*|صور\w*|تغريد\w*)",
    ),
    (Sign.VIDEO, r"videos?|vids?|igtv|vods?|видео\w*|ролик\w*|v[ií]deos?|vidéos?|" + _ARABIC + r"(?:فيديو\w*|مقاطع)"),
    (
        Sign.SHORT,
        r"reels?|shorts?|clips?|spotlights?|рилс\w*|клип\w*|шортс\w*|" + _ARABIC + r"(?:ريلز\w*|ريل|شورتس?|سبوتلايت)",
    ),
    (
        Sign.STORY,
        r"stor(?:y|ies)|highlights?|сторис\w*|стори|истори[ийя]|hist[oó]rias?|hik[aâ]ye\w*|"
        + _ARABIC
        + r"(?:ستور\w*|قص[ةص])",
    ),
    (
        Sign.LIVE,
        r"live|live ?streams?|streaming|premieres?|spaces?|broadcasts?|прям\w+ эфир\w*|эфир\w*|трансляци\w*|стрим\w*"
        r"|en vivo|en directo|ao vivo|canl[ıi]|en direct|" + _ARABIC + r"(?:بث|مباشر|لايف)",
    ),
    (Sign.PLAYLIST, r"playlists?|плейлист\w*|listas? de reproducción|çalma listesi|قائم[ةه] تشغيل|بلاي ?ليست"),
    (Sign.ALBUM, r"albums?|альбом\w*|álbum(?:es|ns)?|" + _ARABIC + r"[اأ]لبوم\w*"),
    (Sign.ARTIST, r"artists?|артист\w*|исполнител\w*|artistas?|sanatç[ıi]\w*|" + _ARABIC + r"فنان\w*"),
    (Sign.SHOW, r"podcasts?|shows?|episodes?|подкаст\w*|بودكاست"),
)
_SIGNS = tuple(sign for sign, _ in _ROWS)
_WORDS = re.compile("(?<![^\\W_])(?:" + "|".join(f"({words})" for _, words in _ROWS) + ")(?![^\\W_])")
# What ends the part of a name that says what is sold; what follows is how it is delivered.
_BREAKS = re.compile(r"[\[\](){}|•–—:;,→➡►»«~⚡]|[ ]-[ ]")
_SPACES = re.compile(r"[\s_\ufe0f]+")
_NUMBERS = re.compile(r"[0-9]+")


def signs_of(name: str) -> tuple[frozenset[Sign], frozenset[Sign]]:
    """Return the signs in the part of a name that says what is sold, up to its end, and those in the rest of it.

    "Instagram Likes | with stories" sells likes; that those who like have stories is by the way. Where nothing
    says what is sold, every sign is by the way.
    """
    # Panels like letters in mathematical bold (𝗟𝗶𝗸𝗲𝘀); NFKC makes plain ones of them.
    plain = unicodedata.normalize("NFKC", name).casefold().replace("\u0307", "")  # the dot that "İ" leaves
    plain = _NUMBERS.sub("0", _SPACES.sub(" ", plain))  # how many is not told apart
    head: set[Sign] = set()
    parts = iter(_BREAKS.split(plain))
    for part in parts:
        head |= _signs(part)
        if head & WARES:
            return frozenset(head), frozenset(sign for other in parts for sign in _signs(other))
    return frozenset(), frozenset(head)


@lru_cache(maxsize=16_384)  # thousands of names are put together from a few hundred parts
def _signs(part: str) -> frozenset[Sign]:
    matches = _WORDS.finditer(part)
    return frozenset(_SIGNS[match.lastindex - 1] for match in matches if match.lastindex is not None)
