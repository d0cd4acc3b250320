"""Searching the catalogue: words in any order, unfinished, misspelled, in many languages."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.catalog import Service, ServiceType
from bot.domain.search import FEW, Index
from bot.domain.search_text import FILLING, LONGEST_WORD, MEANINGS, fold, nearly
from bot.domain.search_words import NEAR, WISHES, WORDS
from tests.domain.many_services import many_services, service

SHOP = [
    service(101, "Followers | Mixed", "Instagram Followers"),
    service(102, "Instagram Likes | Fast", "Instagram Likes & Views"),
    service(103, "Story views | All stories", "Instagram Likes & Views"),
    service(104, "Custom comments", "IG | Comments", ServiceType.CUSTOM_COMMENTS),
    service(105, "TikTok views", "Tik Tok"),
    service(106, "TikTok Like | Max 10k", "Tik Tok"),
    service(107, "YouTube subscribers | 30Days refill", "YT"),
    service(108, "Members | Channel", "Telegram"),
    service(109, "Post views", "Telegram"),
    service(110, "Reposts", "🐦 X"),
    service(111, "Votes", "Story", ServiceType.POLL),
    service(112, "Monthly listeners", "Spotify"),
    service(113, "Лайки | живые", "ВКонтакте"),
    service(114, "متابعين سناب شات", "سناب شات"),
]
INDEX = Index(SHOP)
# Enough for names, words and prefixes to get into each other's way.
MANY = many_services(1500, seed=7)
CROWD = Index(MANY)
EVERY = len(MANY)
ALL_WORDS = {word for each in MANY for text in (each.name, each.category) for word in fold(text)} | MEANINGS.keys()


def found(*names: str, query: str, category: str = "") -> list[str]:
    """What a search finds in a catalogue of these names, by name."""
    services = [service(number, name, category) for number, name in enumerate(names, 1000)]
    return [names[number - 1000] for number in Index(services).find(query)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Instagram Followers | Real & Active", "instagram followers real active"),
        ("𝗜𝗻𝘀𝘁𝗮𝗴𝗿𝗮𝗺 Ｌｉｋｅｓ", "instagram likes"),
        ("Beğeni TAKİPÇİ ılık Ørsted", "begeni takipci ilik orsted"),
        ("Ёлка Ґанок мой", "елка ганок мои"),
        ("مُتَابِعِين الأعضاء قناة", "متابعين اعضاء قناه"),
        ("متـــابعين والمتابعين للقناة", "متابعين متابعين قناه"),
        ("اینستاگرام کانال", "اينستاگرام كانال"),
        ("می\u200cخواهم re\u00adfill", "ميخواهم refill"),
        ("फ़ॉलोअर्स फॉलोअर्स", "फॉलोअरस फॉलोअरस"),
        ("٣٠ ۳۰ ३० ３０", "30 30 30 30"),
        ("koʻrish ko'rish ko’rish women's", "korish korish korish womens"),
        ("10k-50k/Day 365Days 365D 1000", "10k 50k day 365 days 365d 1000"),
        ("№5 #6", "5 6"),
        ("🔥 1️⃣ ♻️ 🇸🇦 \x00\ud800_", "1"),
        ("", ""),
    ],
)
def test_spellings_of_a_word_are_equal(text: str, words: str) -> None:
    assert fold(text) == words.split()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("instagram followers", 101),
        ("followers INSTAGRAM", 101),
        ("inst fol", 101),
        ("ig followers", 101),
        ("insta subs", 101),
        ("like tiktok", 106),
        ("likes tt", 106),
        ("tik tok views", 105),
        ("tok views tik", 105),
        ("custom comments", 104),
        ("poll", 111),
        ("x reposts", 110),
        ("twitter retweets", 110),
        ("youtube 30 days", 107),
        ("yt 30days", 107),
        ("youtube followers", 107),
        ("story", 103),
        ("stories views", 103),
        ("instgram folowers", 101),
        ("nistagram likse", 102),
        ("ouTube subscribers", 107),
        ("spotfy listners", 112),
        ("cheap instagram likes please", 102),
        ("i want to buy telegram members", 108),
        ("telegram 109", 109),
        ("vk likes", 113),
        ("snapchat followers", 114),
        ("инстаграм лайки", 102),
        ("накрутка лайков инста", 102),
        ("просмотры тикток", 105),
        ("просматры тик ток", 105),
        ("подпис ютуб", 107),
        ("купить подписчиков в телеграм", 108),
        ("вк лайки", 113),
        ("лайками вконтакте", 113),
        ("підписники інстаграм", 101),
        ("перегляди телеграм", 109),
        ("انستقرام متابعين", 101),
        ("زيادة متابعين الإنستغرام", 101),
        ("مشاهدات تيك توك", 105),
        ("اعضاء تليجرام", 108),
        ("فالوور اینستاگرام", 101),
        ("لایک تیک تاک", 106),
        ("comprar seguidores de instagram", 101),
        ("me gusta instagram", 102),
        ("curtidas instagram", 102),
        ("visualizações tiktok", 105),
        ("j'aime instagram", 102),
        ("abonnés youtube", 107),
        ("instagram takipçi satın al", 101),
        ("tiktok izlenme", 105),
        ("pengikut instagram murah", 101),
        ("anggota telegram", 108),
        ("इंस्टाग्राम फॉलोअर्स", 101),
        ("यूट्यूब सब्सक्राइबर", 107),
        ("telegram obunachi", 108),
        ("tiktok koʻrishlar", 105),
    ],
)
def test_a_search_finds_what_is_meant(query: str, first: int) -> None:
    assert INDEX.find(query)[:1] == [first]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("telegram", {108, 109}),
        ("instagram views", {102, 103}),
        ("instagram reposts", set()),
        ("myspace followers", set()),
        ("10", {106}),
        ("1", set()),
        ("vies tiktok", {105}),
        ("xyz", set()),
        ("for", set()),
    ],
)
def test_a_search_finds_nothing_else(query: str, numbers: set[int]) -> None:
    """All words have to fit; a number begins no other number; three letters have no typing mistake."""
    assert set(INDEX.find(query)) == numbers


@pytest.mark.parametrize(
    ("query", "names"),
    [
        # A word, one of its meaning, one that it begins, one it is nearly.
        ("like", ["Like", "Likes", "Likeable", "Lake"]),
        ("likes", ["Likes", "Like"]),
        # A whole name, then neighbours, then words apart; and the catalogue's order.
        ("real views", ["Real views", "Fast real views", "Real fast views", "Views, not real"]),
        ("views real", ["Real fast views", "Views, not real", "Fast real views", "Real views"]),
        ("лайки", ["Лайки", "Likes", "Like"]),
    ],
)
def test_better_matches_come_first(query: str, names: list[str]) -> None:
    others = ["Likes", "Real fast views", "Lake", "Views, not real", "Likeable", "Fast real views", "Лайки", "Like"]
    ranked = found(*others, "Real views", query=query)
    assert [name for name in ranked if name in names] == names


def test_a_name_comes_before_a_category_and_all_of_that_before_a_prefix() -> None:
    services = [
        service(1, "Premium", "Saver"),
        service(2, "Basic", "Save"),
        service(3, "Saver", "Basic"),
        service(4, "Save", "Basic"),
    ]
    assert Index(services).find("save") == [4, 2, 3, 1]


def test_one_slip_comes_before_two() -> None:
    assert found("Telegraams", "Telegrams", query="telegrsms") == ["Telegrams", "Telegraams"]


def test_a_wish_is_given_up_only_where_nothing_fulfils_it() -> None:
    assert found("Likes", "Cheap likes", query="cheap likes") == ["Cheap likes"]
    assert found("Likes", "Views", query="cheap likes") == ["Likes"]
    assert found("Likes", "Views", query="cheap") == []


@pytest.mark.parametrize(
    "query",
    [
        "1000 instagram followers",
        "instagram followers 2000",
        "500 подписчиков инстаграм",
        "٥٠٠ متابعين انستقرام",
        "1.000 instagram folowers",
        "cheap 1000 instagram followers",
    ],
)
def test_a_quantity_is_not_insisted_on(query: str) -> None:
    """How many one wants stands in no name: what has all the other words is found."""
    assert INDEX.find(query)[:1] == [101]


def test_a_number_that_names_have_comes_first_and_alone_where_it_fills_a_page() -> None:
    """ "100% real" means what it says; an accidental hit does not hide what was meant."""
    plain = [f"Likes {letter}" for letter in "abcdefghij"]
    assert found(*plain, "Likes 500", query="500 likes") == ["Likes 500", *plain]
    pure = [f"100% real likes {letter}" for letter in "abcdefghij"]
    assert found("Real likes", *pure, query="100% real likes") == pure
    assert found("Likes", query="77 views") == []
    assert found("Likes", query="77") == []


def test_a_typing_mistake_is_looked_for_only_where_little_fits() -> None:
    """A word that is right in itself is taken at its word, as long as it finds a page of services."""
    reels = [f"Reel {number}" for number in range(3)]
    reals = [f"Real {number}" for number in range(FEW)]
    assert found(*reels, *reals, query="real") == reals
    assert found(*reels, *reals[1:], query="real") == [*reals[1:], *reels]


@pytest.mark.parametrize("query", ["#109", "109", " 109 ", "№109", "١٠٩"])
def test_a_number_finds_its_service_first(query: str) -> None:
    services = [*SHOP, service(200, "109 likes")]
    assert Index(services).find(query) == [109, 200]


@pytest.mark.parametrize("query", ["", " ", "🔥🔥", "\x00\x1b", "\u202e", "'", "||", "\ud800", "ـ"])
def test_what_says_nothing_finds_nothing(query: str) -> None:
    assert INDEX.find(query) == []


def test_an_empty_catalogue_has_nothing() -> None:
    assert Index().find("likes") == []
    assert Index().find("1") == []


@given(st.text(st.characters(codec=None), max_size=60), st.integers(0, 60))
def test_any_text_may_be_asked_for(query: str, limit: int) -> None:
    """The answer is a number of different services, and fewer of them are the first of more."""
    every = INDEX.find(query, len(SHOP))
    assert len(set(every)) == len(every)
    assert INDEX.find(query, limit) == every[:limit]


@pytest.mark.parametrize(
    ("unit", "same_as"),
    [
        ("x", "zzzzzz"),
        ("likes ", "likes"),
        ("l ", "l"),
        ("Likes ♻️", "likes"),
        ("instagramm folower ", "folower instagramm"),
        ("9", ""),
        ("e\u0301\u0301\u0301 ", "e"),
        ("ﷺ", ""),
    ],
)
def test_a_thousand_characters_may_be_asked_for(unit: str, same_as: str) -> None:
    """Words are counted once, and are cut where no word is that long."""
    query = (unit * 1000)[:1000]
    assert all(0 < len(word) <= LONGEST_WORD for word in fold(query))
    assert CROWD.find(query) == CROWD.find(same_as)


@given(st.data())
def test_words_may_come_in_any_order(data: st.DataObject) -> None:
    """Any words, right, cut or wrong, find the same services in any order."""
    vocabulary = sorted(ALL_WORDS | FILLING)
    cut = st.sampled_from(vocabulary).flatmap(lambda word: st.integers(1, len(word)).map(lambda end: word[:end]))
    words = data.draw(st.lists(cut | st.text(max_size=5), min_size=2, max_size=12))
    shuffled = data.draw(st.permutations(words))
    assert set(CROWD.find(" ".join(words), EVERY)) == set(CROWD.find(" ".join(shuffled), EVERY))


@given(st.sampled_from(MANY))
def test_a_service_is_found_first_by_its_name(wanted: Service) -> None:
    """Services of one name come in the catalogue's order."""
    same = [each.id for each in MANY if fold(each.name) == fold(wanted.name)]
    assert CROWD.find(wanted.name)[: len(same)] == same


@given(st.data())
def test_beginnings_of_words_find_every_service_that_has_them(data: st.DataObject) -> None:
    """Whatever else is found: each service is, of whose words the query has beginnings."""
    wanted = data.draw(st.sampled_from(MANY))
    own = [word for text in (wanted.name, wanted.category) for word in fold(text) if not re.search(r"\d", word)]
    chosen = data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=6))
    query = [word[: data.draw(st.integers(1, len(word)))] for word in chosen]
    expected = {each.id for each in MANY if _begin(query, fold(f"{each.name} | {each.category}"))}
    assert wanted.id in expected
    assert expected <= set(CROWD.find(" ".join(query), EVERY))


def _begin(query: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(start) for word in words) for start in query)


def _slip(word: str, kind: str, at: int, letter: str) -> str:
    """The word with one typing mistake near a position."""
    match kind:
        case "drop":
            return word[:at] + word[at + 1 :]
        case "add":
            return word[:at] + letter + word[at:]
        case "swap":
            return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        case _:
            return word[:at] + letter + word[at + 1 :]


@given(st.data())
def test_one_typing_mistake_is_forgiven(data: st.DataObject) -> None:
    """In any word of five letters or more, at any place, unless it makes another known word or its beginning."""
    wanted = data.draw(st.sampled_from(MANY))
    words = fold(wanted.name)
    long = [number for number, word in enumerate(words) if re.fullmatch("[a-z]{5,}", word)]
    assume(long)
    number = data.draw(st.sampled_from(long))
    right = words[number]
    kind = data.draw(st.sampled_from(["drop", "add", "swap", "change"]))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    wrong = _slip(right, kind, data.draw(st.integers(0, len(right) - 1)), letter)
    assume(not any(word.startswith(wrong) for word in ALL_WORDS))
    query = " ".join([*words[:number], wrong, *words[number + 1 :]])
    assert wanted.id in CROWD.find(query, EVERY)


@pytest.mark.parametrize("english", sorted(WORDS))
def test_every_word_of_a_row_finds_what_it_stands_for(english: str) -> None:
    """Alone and with the words of other rows around; expressions of two words with and without the space."""
    index = Index([service(1, "Something"), service(2, english.title()), service(3, "Anything")])
    for form in WORDS[english].split():
        for query in {form, form.replace("+", " "), form.replace("+", "")}:
            assert index.find(query) == [2], query


@pytest.mark.parametrize("english", sorted(WORDS))
def test_every_word_of_a_row_is_found_by_what_it_stands_for(english: str) -> None:
    """Names in any language are found in English."""
    forms = WORDS[english].split()
    index = Index(service(number, form.replace("+", " ")) for number, form in enumerate(forms))
    assert set(index.find(english, len(forms))) == set(range(len(forms)))


def test_the_rows_are_consistent() -> None:
    """No filler has a meaning, a row is only about its own words, and what is named beside the rows has one."""
    assert FILLING.isdisjoint(MEANINGS)
    for english in WORDS:
        assert MEANINGS[english] == (english,)
    named = {word for group in NEAR for word in group} | WISHES
    assert named <= WORDS.keys()
    assert nearly("followers") == ("subscribers", "members")
    assert nearly("spotify") == ()
