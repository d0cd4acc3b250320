"""Links as customers type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadInput
from bot.domain.links import LONGEST_LINK, Address, parse_link, same_link, split_link

GOOD = [
    "https://instagram.com/username/",
    "HTTP://Example.COM",
    "http://example.com:8080/a?b=c&d=<e>#f",
    "https://www.tiktok.com/@name/video/1?x=y",
    "example.com",
    "t.me/channel/12",
    "https://t.me/+AbC_d-1",
    "@name",
    "@na.me_1",
    "@имя",
    "https://пример.рф/страница",
    "https://xn--e1afmkfd.xn--p1ai/",
    "https://موقع.شبكة/صفحة",
    "https://example.com/می\u200cخواهم",
    "https://example.com/" + "a" * (LONGEST_LINK - 20),
]
BAD = [
    "",
    "  ",
    "username",
    "@",
    "@.",
    "@two words",
    "http://",
    "https://localhost/x",
    "https://127.0.0.1/x",
    "http://[::1]/",
    "http://user:pass@example.com/",
    "http://user@example.com/",
    "me@example.com",
    "ftp://example.com/x",
    "javascript:alert(1)",
    "https://example.com/a b",
    "https://example.com/a\nhttps://example.com/b",
    "https://example.com/\x00",
    "https://exam\u202eple.com/",
    "https://example.com/\ud800",
    "https://example..com",
    "https://.example.com",
    "https://-a.example.com",
    "https://example.com:0/",
    "https://example.com:65536/",
    "https://example.com:８０/",
    "https://example.com\\@evil.com",
    "https://ex_ample.com/",
    "https://" + "a" * 64 + ".com",
    "12.5",
    "1.000",
]


@pytest.mark.parametrize("link", GOOD)
def test_links_are_taken_as_typed(link: str) -> None:
    """A good link comes back character for character, without what surrounded it."""
    assert parse_link(link) == link
    assert parse_link(f" \u2068{link}\u2069\n") == link


@pytest.mark.parametrize("link", BAD)
def test_what_is_no_link_is_refused(link: str) -> None:
    """Anything but http(s) with a dotted host, a bare domain or @name is refused."""
    with pytest.raises(BadInput) as caught:
        parse_link(link)
    assert caught.value.code == "link.bad"


def test_a_link_has_at_most_512_characters() -> None:
    """A longer link is refused with the limit."""
    with pytest.raises(BadInput) as caught:
        parse_link("https://example.com/" + "a" * (LONGEST_LINK - 19))
    assert (caught.value.code, caught.value.params["limit"]) == ("link.too_long", 512)


@given(st.text() | st.from_regex(r"(https?://)?[\w.@:]+(/\S*)?"))
def test_a_link_that_is_taken_has_no_hidden_parts(text: str) -> None:
    """Whatever is typed is refused or is one printable word, and its key does not change when taken again."""
    try:
        link = parse_link(text)
    except BadInput:
        return
    assert link in text
    assert not any(char.isspace() or ord(char) < 32 for char in link)
    assert same_link(same_link(link)) == same_link(link)


@pytest.mark.parametrize(
    ("link", "parts"),
    [
        ("HTTPS://Www.Example.com:8080/A/b?c=D#e", ("www.example.com", "/A/b", "c=D")),
        ("example.com", ("example.com", "", "")),
        ("example.com#a?b", ("example.com", "", "")),
        ("example.com?a=b", ("example.com", "", "a=b")),
    ],
)
def test_a_link_has_parts(link: str, parts: tuple[str, str, str]) -> None:
    """Host in lower case, path and query as typed; a name has none."""
    assert split_link(link) == Address(*parts)
    assert split_link("@example.com") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.Example.com/a/", "example.com/a"),
        ("http://example.com:80/a", "https://example.com:443/a/"),
        ("https://example.com", "EXAMPLE.com/"),
        ("@Name", "@name"),
        ("example.com/a/?b=1", "https://example.com/a?b=1"),
        ("example.com/a?", "https://example.com/a"),
        ("https://instagram.com/p/Cx1/?igsh=abc&utm_source=qr&utm_medium=x", "instagram.com/p/Cx1"),
        ("https://example.com/a?b=1&fbclid=x", "example.com/a?b=1"),
        ("https://example.com/a?fbclid=x#top", "example.com/a#top"),
        ("https://m.facebook.com/anna?mibextid=x", "https://www.fb.com/anna/"),
        ("https://twitter.com/anna/status/1?s=20&t=abc", "https://x.com/anna/status/1?t=abc"),
        ("https://telegram.me/durov/1", "t.me/durov/1"),
        ("https://www.tiktok.com/@a/video/1?is_from_webapp=1&sender_device=pc", "tiktok.com/@a/video/1"),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc", "https://www.youtube.com/watch?v=dQw4w9WgXcQ&feature=share"),
        ("https://youtube.com/shorts/dQw4w9WgXcQ", "https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ"),
        ("https://open.spotify.com/track/6rqh?si=a", "open.spotify.com/track/6rqh"),
    ],
)
def test_the_same_link_however_typed(one: str, other: str) -> None:
    """Scheme, www., case of the host, usual port, closing slash, a site's other names and who passed the link on do
    not make another link.
    """
    assert same_link(one) == same_link(other)
    assert same_link(same_link(one)) == same_link(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("example.com/a", "example.com/A"),
        ("example.com/a?v=1", "example.com/a?v=2"),
        ("example.com/a", "example.com/b"),
        ("example.com:8080/a", "example.com/a"),
        ("@name", "name.com"),
        ("www.com", "com.com"),
        ("example.com/a?si=1", "example.com/a?si=2"),
        ("m.example.com/a", "example.com/a"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcR"),
        ("https://youtube.com/watch?v=dQw4w9WgXcQ&lc=1", "https://youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://youtube.com/@shorts/dQw4w9WgXcQ", "https://youtube.com/watch?v=dQw4w9WgXcQ"),
    ],
)
def test_other_links_stay_apart(one: str, other: str) -> None:
    """Path, query and another port make another link."""
    assert same_link(one) != same_link(other)
