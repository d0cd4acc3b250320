"""Why a panel refused, read off its words.

Words come as sentences and as dotted codes, in the language of whoever wrote the panel. What no pattern knows
is a refusal of unknown kind.
"""

import re

from bot.domain.outcomes import RefusalKind

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MARKS = re.compile(r"[._\-:;,/\"'’`()\[\]]+")

# Tried from the top: "Quantity is too low for this service" is about the quantity, and "not enough funds for
# this order" about the shop's purse. English first, then Russian, Turkish, Spanish and Portuguese, Arabic.
# Alternatives stand between spaced bars.
_PATTERNS: tuple[tuple[RefusalKind, str], ...] = (
    (
        RefusalKind.ACTIVE_LINK,
        r"""
        | (?:active|running|pending|existing|unfinished) orders?\b
        | orders? .{0,40}\b(?:still|already) (?:active|running|in progress)
        | (?:already|duplicate) .{0,30}\border\b | order .{0,30}\balready (?:exists?|placed)
        | link duplicate | duplicate link
        | until .{0,20}order .{0,20}complet
        | активн\w* заказ | заказ\w* .{0,40}(?:уже (?:выполняется|существует|активен|есть)|активен)
        | уже есть .{0,30}заказ
        | aktif .{0,20}sipari[sş] | sipari[sş]\w* .{0,30}devam ed
        | (?:pedido|orden|ordem)s? (?:activ|ativ|en curso|em andamento|pendente|pendiente)\w*
        | (?:tiene|tienes|tem|possui) .{0,12}(?:pedido|orden|ordem)
        | طلب\w* (?:نشط|قيد|جار|سابق)
        """,
    ),
    (
        RefusalKind.FUNDS,
        r"""
        | \bfunds?\b | \bbalance\b | not enough (?:money|credits?)
        | insufficient (?:money|credits?|amount) | top ?up
        | средств | баланс | не ?достаточно денег | пополн
        | bakiye | yetersiz (?:kredi|para) | fondos | \bsaldo\b | \bsolde\b | guthaben
        | cr[eé]ditos? insuficiente
        | رصيد | أموال | الاموال
        """,
    ),
    (
        RefusalKind.KEY,
        r"""
        | \bapi ?key\b | \bkey\b | (?:invalid|incorrect|wrong|expired|missing|bad) (?:api )?token
        | unauthenticated | unauthori[sz]ed
        | authentication | invalid credentials
        | \bключ(?:а|ом|е|у)?\b | anahtar[ıi]?\b(?! kelime) | (?<!palabra )(?<!palabras )\bclave\b
        | (?<!palavra )(?<!palavras )\bchave\b
        | مفتاح
        """,
    ),
    (
        RefusalKind.ACCOUNT,
        r"""
        | \bip\b .{0,40}(?:allow|block|ban|white ?list|deni|restrict|permit|access)
        | (?:allow|block|bann|white ?list|deni|restrict|permit)\w* .{0,20}\bip\b
        | \byour account\b(?!.{0,20}private)
        | \b(?:account|user) .{0,12}(?:blocked|suspended|banned|disabled|inactive|not active|deactivated)
        | \bapi .{0,30}(?:disabled|off\b|blocked|not enabled|not allowed|maintenance|unavailable|closed)
        | access (?:is )?(?:denied|forbidden|restricted) | \bforbidden\b | permission | too many requests
        | rate limit
        | \bip\b .{0,30}(?:запрещ|заблок|разреш) | доступ .{0,20}(?:запрещ|закрыт|огранич)
        | (?:ваш аккаунт|аккаунт|пользователь) (?:заблок|отключ|приостан)
        | слишком много запросов
        | hesa[bp]\w* .{0,20}(?:ask[ıi]|engel|kapal|pasif|yasak) | eri[sş]im (?:engel|red|yasak)
        | çok fazla istek
        | (?:su|tu|sua) (?:cuenta|conta)
        | (?:cuenta|conta) .{0,15}(?:bloquead|suspendid|suspens|desactivad|desativad)
        | ac+es+o (?:denegado|negado)
        | حساب(?:ك|كم)(?! خاص) | الحساب (?:محظور|معلق|موقوف|معطل) | الوصول مرفوض
        """,
    ),
    (
        RefusalKind.SERVICE,
        r"""
        | (?:incorrect|invalid|wrong|bad|unknown|inactive|disabled|missing|no such|error) service
        | \bservices? (?:id )?(?:(?:is|was|has been|does|do|currently|temporarily|no longer) )*(?:not|under)\b
        | \bservices? (?:id )?(?:(?:is|was|has been|currently|temporarily) )*(?:inactive|disabled|unavailable)
        | \bservices? (?:id )?(?:(?:is|was|has been) )*(?:closed|invalid|incorrect|wrong|removed|deleted)
        """,
    ),
    (
        RefusalKind.QUANTITY,
        r"""
        | quantity | \bqty\b | \bmin(?:imum|imal)?\b | \bmax(?:imum|imal)?\b
        | \b(?:less|more|greater) than\b | \bamount\b
        | количеств | минимальн | максимальн | минимум | максимум | miktar | adet | cantidad | quantidade
        | m[ií]nim[oa] | m[aá]xim[oa]
        | كمية | الحد الأدنى | الحد الأقصى | الحد الادنى | الحد الاقصى
        """,
    ),
    (
        RefusalKind.LINK,
        r"""
        | \blinks?\b | \burl\b | \busername\b | \bprivate\b | \bprofile\b
        | \bpost (?:is |was )?(?:not|deleted|removed) | page not found
        | ссылк | закрыт\w* (?:аккаунт|профил) | (?:аккаунт|профил)\w* закрыт | приватн | ba[gğ]lant[ıi]
        | gizli | enlace | \bprivad[oa] | perfil
        | رابط | الملف الشخصي | حساب خاص
        """,
    ),
    (
        RefusalKind.SERVICE,
        r"""
        | \bservices?\b | услуг | сервис | servis | hizmet | servicio | servi[cç]o | خدمة | الخدمه
        """,
    ),
    (
        RefusalKind.ORDER,
        r"""
        | order | comments? | keywords? | hashtags? | \bruns?\b | interval | drip | answer | \bposts?\b
        | \bdelay\b | expiry | countr | device
        | refill | cancel | заказ | комментар | ключев | sipari[sş] | yorum | anahtar kelime | pedido
        | \borden\b | \bordem\b | coment[aá]rio
        | palabras? clave | palavras? chave | طلب | تعليق
        """,
    ),
)
_COMPILED = tuple(
    (kind, re.compile(re.sub(r"\s+\|\s+", "|", pattern).strip().removeprefix("|"))) for kind, pattern in _PATTERNS
)


def classify(words: str) -> RefusalKind:
    """Return what kind of refusal a panel's words are."""
    # Turkish İ folds to two characters; the patterns know its plain form.
    plain = _MARKS.sub(" ", _CAMEL.sub(" ", words).replace("İ", "i")).casefold()
    folded = " ".join(plain.split())
    for kind, pattern in _COMPILED:
        if pattern.search(folded):
            return kind
    return RefusalKind.UNKNOWN
