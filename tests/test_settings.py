"""Settings: what may be given, what each mistake is called, and ``.env.example``."""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bot.settings import PanelSettings, Settings, SettingsError

TOKEN = "42:TEST-TOKEN"
KEY = "0123456789abcdef0123456789abcdef"
LEAST = {"BOT_TOKEN": TOKEN, "PANELS__MAIN__URL": "https://panel.example/api/v2", "PANELS__MAIN__KEY": KEY}


def load(**variables: str) -> Settings:
    return Settings.load(None, {**LEAST, **variables})


def problems(environ: Mapping[str, str], env_file: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.load(env_file, environ)
    return caught.value.problems


def test_the_least_that_must_be_given_is_enough() -> None:
    settings = load()
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.panels == {
        "main": PanelSettings(url="https://panel.example/api/v2", key=SecretStr(KEY)),
    }
    assert settings.admin_ids == frozenset()


def test_every_variable_reaches_its_field() -> None:
    settings = load(
        ADMIN_IDS="7, 8,9",
        PANELS__SECOND_1__URL="http://127.0.0.1:8080/api/v2/",
        PANELS__SECOND_1__KEY="12345",
        PANELS__SECOND_1__RATE="0.92",
        PANELS__SECOND_1__CALLS_PER_MINUTE="60",
        CHANNEL_ID="-1001234567890",
        CURRENCY="eur",
        MARKUP_PERCENT="12.5",
        DATABASE_URL="postgresql://shop:p%40ss@db.example/shop",
        TELEGRAM_API_URL="http://localhost:8081/",
        STATUS_SECONDS="5",
        SYNC_SECONDS="600",
        PANEL_TIMEOUT="2.5",
        RETRY_MINUTES="3",
        WAIT_HOURS="4",
        DEFAULT_LOCALE="pt-br",
        TIMEZONE="Europe/Berlin",
        SUPPORT_CONTACT="help@shop.example",
        TOP_UP_MINIMUM="2.50",
        TOP_UP_MAXIMUM="250",
        STARS_RATE="0.012",
        CRYPTO_PAY_TOKEN="12345:AAabc-de_f",
        CRYPTO_PAY_URL="https://testnet-pay.crypt.bot/api/",
        TRANSFER_INSTRUCTIONS="To our account:\\nDE00 1234",
        TERMS="Be kind.",
        PAYSUPPORT="Write to us.",
    )
    assert settings.admin_ids == {7, 8, 9}
    assert settings.panels["second_1"] == PanelSettings(
        url="http://127.0.0.1:8080/api/v2", key=SecretStr("12345"), rate=Decimal("0.92"), calls_per_minute=60
    )
    assert settings.channel_id == -1001234567890
    assert (settings.currency, settings.markup_percent) == ("EUR", Decimal("12.5"))
    assert settings.telegram_api_url == "http://localhost:8081"
    assert (settings.status_seconds, settings.sync_seconds, settings.panel_timeout) == (5, 600, 2.5)
    assert (settings.retry_minutes, settings.wait_hours) == (3, 4)
    assert (settings.default_locale, settings.timezone) == ("pt_BR", ZoneInfo("Europe/Berlin"))
    assert settings.support_contact == "help@shop.example"
    assert (settings.top_up_minimum, settings.top_up_maximum) == (Decimal("2.50"), Decimal(250))
    assert settings.stars_rate == settings.star == Decimal("0.012")
    assert settings.crypto_pay_url == "https://testnet-pay.crypt.bot/api"
    assert settings.transfer_instructions == {"": "To our account:\nDE00 1234"}
    assert (settings.terms, settings.paysupport) == ({"": "Be kind."}, {"": "Write to us."})
    assert set(settings.secrets) == {TOKEN, KEY, "12345", "p@ss", "12345:AAabc-de_f"}


WRONG = {
    "BOT_TOKEN": ["token", "42", "42:", ":abc", "42:a b", "４２:TEST-TOKEN"],
    "ADMIN_IDS": ["me", "1,two", "-5", "0", "1;2", "１２", "9" * 17],
    "PANELS__MAIN__URL": [
        "panel.example/api/v2",
        "http://panel.example/api/v2",
        "ftp://panel.example",
        "https://",
        "https://u:p@panel.example/api",
        "https://panel.example/api/v2?key=1",
        "https://panel.example/api v2",
        "https://panel.example:99999/",
        "http://localhost.example/",
        "http://127.0.0.1.example/",
    ],
    "PANELS__MAIN__RATE": ["0", "-1", "nan", "inf", "1e3", "0,92", "１"],
    "PANELS__MAIN__CALLS_PER_MINUTE": ["0", "-1", "1.5", "10001", "many"],
    "CHANNEL_ID": ["12", "-5", "name", "@a", "https://t.me/name"],
    "CURRENCY": ["dollars", "US", "XXZ", "$"],
    "MARKUP_PERCENT": ["abc", "-1", "1000.5", "nan", "30%", "1_0", "３０"],
    "DATABASE_URL": [
        "shop.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///data/",
        "mysql://host/shop",
        "postgresql://host",
        "postgresql://host:99999/shop",
        "postgresql+psycopg://host/shop",
    ],
    "TELEGRAM_API_URL": ["api.telegram.org", "http://api.telegram.org"],
    "STATUS_SECONDS": ["0", "-60", "1.5", "soon", "86401", "９"],
    "SYNC_SECONDS": ["0", "604801"],
    "PANEL_TIMEOUT": ["0", "0.5", "301", "inf", "nan"],
    "RETRY_MINUTES": ["0", "1441", "15m"],
    "WAIT_HOURS": ["0", "721"],
    "DEFAULT_LOCALE": ["english", "x", "12", "_"],
    "TIMEZONE": ["Mars/Olympus", "../etc/passwd", "/etc/passwd", "CEST+1"],
    "SUPPORT_CONTACT": ["ask me", "@a", "http://shop.example", "https://shop", "a@b"],
    "TOP_UP_MINIMUM": ["0", "-1", "1e3", "0,5", "nan", "1000.01"],
    "TOP_UP_MAXIMUM": ["0.99", "0", "a lot", "1000000001", "inf"],
    "STARS_RATE": ["-1", "0,013", "1 cent", "nan", "1e-3"],
    "CRYPTO_PAY_TOKEN": ["token", "12345", "12345:", ":abc", "12345:a b"],
    "CRYPTO_PAY_URL": ["pay.crypt.bot/api", "http://pay.crypt.bot/api", "https://pay.crypt.bot/api?a=1"],
    "TRANSFER_INSTRUCTIONS": ["x" * 2001],
    "TERMS": ["x" * 2001],
    "PAYSUPPORT": ["x" * 2001],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, each) for name, values in WRONG.items() for each in values], ids=lambda text: text[:40]
)
def test_a_wrong_value_is_named_with_what_it_should_be(name: str, value: str) -> None:
    (problem,) = problems({**LEAST, name: value})
    assert problem.startswith(f"{name}: should be ")


def test_every_variable_has_wrong_values_in_the_table() -> None:
    of_panels = {f"PANELS__MAIN__{field.upper()}" for field in PanelSettings.model_fields}
    anything_goes = {"PANELS__MAIN__KEY"}
    assert set(WRONG) == (set(Settings.variables()) | of_panels) - anything_goes


def test_the_most_that_can_be_topped_up_is_not_less_than_the_least() -> None:
    assert load(TOP_UP_MINIMUM="5", TOP_UP_MAXIMUM="5").top_up_maximum == 5
    (problem,) = problems({**LEAST, "TOP_UP_MINIMUM": "5", "TOP_UP_MAXIMUM": "4.99"})
    assert problem == "TOP_UP_MAXIMUM: should be at least TOP_UP_MINIMUM; got '4.99'"


@pytest.mark.parametrize(
    ("given_values", "worth"),
    [
        ({}, "0.013"),  # what Telegram pays out, in dollars
        ({"STARS_RATE": "0.02"}, "0.02"),
        ({"STARS_RATE": "0"}, None),
        ({"STARS_RATE": "0.00"}, None),
        ({"CURRENCY": "EUR"}, None),  # nobody knows the rate but the owner
        ({"CURRENCY": "EUR", "STARS_RATE": "0.012"}, "0.012"),
    ],
)
def test_stars_are_taken_where_their_worth_is_known(given_values: Mapping[str, str], worth: str | None) -> None:
    assert load(**given_values).star == (None if worth is None else Decimal(worth))


@pytest.mark.parametrize("field", sorted(Settings.IN_LANGUAGES))
def test_a_text_may_be_given_in_several_languages(field: str, tmp_path: Path) -> None:
    name = field.upper()
    file = tmp_path / ".env"
    file.write_text(f"{name}=One\\nTwo\n{name}__RU='Раз <b>'\n{name}__pt-br=Um\n{name}__AR=\n", "utf-8")
    settings = Settings.load(file, LEAST)
    assert getattr(settings, field) == {"": "One\nTwo", "ru": "Раз <b>", "pt_BR": "Um"}
    assert settings.warnings == ()
    assert getattr(load(**{f"{name}__RU": "Раз"}), field) == {"ru": "Раз"}


@pytest.mark.parametrize("field", sorted(Settings.IN_LANGUAGES))
def test_a_text_in_a_language_that_is_none_is_named(field: str) -> None:
    name = field.upper()
    for locale in ("KLINGON", "XX", "RU__UA", "12"):
        (problem,) = problems({**LEAST, name: "fine", f"{name}__{locale}": "text"})
        assert problem.startswith(f"{name}__{locale}: should be {name}, or {name}__ with a language's code")
    (problem,) = problems({**LEAST, name: "fine", f"{name}__RU": "ю" * 2001})
    assert problem.startswith(f"{name}__RU: should be a text of at most 2000 characters")


def test_all_mistakes_are_told_at_once() -> None:
    found = problems({"ADMIN_IDS": "x", "MARKUP_PERCENT": "abc", "PANELS__MAIN__KEY": KEY})
    assert [each.partition(":")[0] for each in found] == [
        "BOT_TOKEN is missing",
        "ADMIN_IDS",
        "PANELS__MAIN__URL is missing",
        "MARKUP_PERCENT",
    ]
    assert "MARKUP_PERCENT: should be a number of percent such as 30 (from 0 to 1000); got 'abc'" in found


@pytest.mark.parametrize(
    "name",
    ["BOT_TOKEN", "ADMIN_IDS", "CHANNEL_ID", "TIMEZONE", "CRYPTO_PAY_TOKEN", "CRYPTO_PAY_URL", "PANELS__MAIN__URL"],
)
@pytest.mark.parametrize("secret", ["123456:AAbbCCddEEff-GGhhIIjjKKllMMnn_OO", KEY])
def test_a_secret_in_the_wrong_place_is_not_repeated(name: str, secret: str) -> None:
    found = " ".join(problems({**LEAST, name: f"{secret} !"}))
    assert name in found
    assert secret not in found


@pytest.mark.parametrize("url", ["postgresql://me:hunter2@h/", "mysql://me:hunter2@h/db"])
def test_a_database_password_is_not_repeated(url: str) -> None:
    assert "hunter2" not in " ".join(problems({**LEAST, "DATABASE_URL": url}))


def test_no_secret_is_in_what_settings_look_like() -> None:
    settings = load(DATABASE_URL="postgresql://me:hunter2@h/db", CRYPTO_PAY_TOKEN="12345:AAabc-def")
    shown = f"{settings!r} {settings} {settings.model_dump()['panels']} {settings.panels['main']!r}"
    assert not any(secret in shown for secret in settings.secrets)


def test_a_panel_has_both_address_and_key_and_nothing_unknown() -> None:
    environ = {"BOT_TOKEN": TOKEN, "PANELS__MAIN__URL": "https://p.example", "PANELS__MAIN__TOKEN": "x"}
    missing, unknown = problems(environ)
    assert missing.startswith("PANELS__MAIN__KEY is missing")
    assert unknown.startswith("PANELS__MAIN__TOKEN: nothing reads this")


@pytest.mark.parametrize("name", ["PANELS__URL", "PANELS__A-B__URL", "PANELS__ДА__URL", f"PANELS__{'A' * 33}__URL"])
def test_a_panel_needs_a_name_that_can_be_written_anywhere(name: str) -> None:
    (problem,) = problems({**LEAST, name: "https://p.example"})
    assert problem.startswith(name.removesuffix("URL").rstrip("_"))
    assert "should have a panel's name" in problem


def test_a_panel_is_the_same_in_capitals_and_small_letters() -> None:
    settings = load(PANELS__Big__URL="https://p.example", PANELS__big__KEY="k")
    assert set(settings.panels) == {"main", "big"}


@pytest.mark.parametrize(
    ("given_url", "used"),
    [
        ("sqlite:///data/shop.db", "sqlite+aiosqlite:///data/shop.db"),
        ("sqlite+aiosqlite:////srv/shop.db", "sqlite+aiosqlite:////srv/shop.db"),
        ("postgres://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql://u@h:5432/d", "postgresql+asyncpg://u@h:5432/d"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql://u@h/d?sslmode=require", "postgresql+asyncpg://u@h/d?ssl=require"),
    ],
)
def test_a_database_may_be_given_with_or_without_its_driver(given_url: str, used: str) -> None:
    assert load(DATABASE_URL=given_url).database_url == used


def test_only_sqlite_has_a_file() -> None:
    assert load().sqlite_file == Path("data/shop.db")
    assert load(DATABASE_URL="sqlite:////srv/shop.db").sqlite_file == Path("/srv/shop.db")
    assert load(DATABASE_URL="postgresql://h/d").sqlite_file is None


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("@shop_help", "https://t.me/shop_help"),
        ("https://s.example/x", "https://s.example/x"),
        ("a@b.example", None),
    ],
)
def test_a_button_can_open_a_name_or_a_link_but_no_address(contact: str, link: str | None) -> None:
    assert load(SUPPORT_CONTACT=contact).support_link == link


def test_the_environment_wins_over_the_file_unless_it_is_empty(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"\ufeffBOT_TOKEN='{TOKEN}'\nCURRENCY = RUB\nWAIT_HOURS=2\nTIMEZONE=\n# a remark\n", "utf-8")
    settings = Settings.load(file, {"WAIT_HOURS": "3", "CURRENCY": " ", "HOME": "/"})
    assert (settings.bot_token.get_secret_value(), settings.currency, settings.wait_hours) == (
        TOKEN,
        "RUB",
        3,
    )
    assert settings.timezone == ZoneInfo("UTC")


def test_a_key_with_a_dollar_sign_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"BOT_TOKEN={TOKEN}\nPANELS__MAIN__URL=https://p.example\nPANELS__MAIN__KEY=a${{HOME}}b\n")
    assert Settings.load(file, {}).panels["main"].key.get_secret_value() == "a${HOME}b"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"BOT_TOKEN=\xff\xfe\n")
    (problem,) = problems({}, file)
    assert str(file) in problem


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("MARKUP", "MARKUP_PERCENT"),
        ("ADMIN_ID", "ADMIN_IDS"),
        ("bot_token", "BOT_TOKEN"),
        ("DEFAULT_LOCAL", "DEFAULT_LOCALE"),
        ("PANEL_TIMEOUTS", "PANEL_TIMEOUT"),
        ("PANELS_MAIN_URL", "PANELS__<NAME>__URL"),
        ("PANEL__MAIN__URL", "PANELS__<NAME>__URL"),
    ],
)
def test_a_misspelt_name_in_the_file_is_pointed_out(tmp_path: Path, name: str, meant: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"{name}=1\nCOMPOSE_PROJECT_NAME=shop\n")
    (warning,) = Settings.load(file, LEAST).warnings
    assert warning.startswith(f"{name}: ")
    assert meant in warning


def test_settings_made_in_code_ignore_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURRENCY", "RUB")
    assert Settings(bot_token=SecretStr(TOKEN)).currency == "USD"
    assert load().currency == "USD"


def test_the_process_environment_is_read_when_no_other_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**LEAST, "CURRENCY": "RUB"}.items():
        monkeypatch.setenv(name, value)
    assert Settings.load(None).currency == "RUB"


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        load().currency = "EUR"


@given(
    st.sampled_from(sorted(Settings.variables())),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
def test_no_text_breaks_reading(name: str, value: str) -> None:
    """Whatever a variable holds, it is taken or named; nothing else is raised."""
    try:
        load(**{name: value})
        found = {name}
    except SettingsError as error:
        found = {problem.partition(":")[0].partition(" ")[0] for problem in error.problems}
    assert name in found


LINE = re.compile(r"^(?P<remark># )?(?P<name>[A-Z][A-Z_]+)=(?P<value>.*)$")


def example_lines(repository: Path) -> list[re.Match[str]]:
    lines = (repository / ".env.example").read_text("utf-8").splitlines()
    return [found for line in lines if (found := LINE.match(line))]


def test_the_example_has_every_setting_and_no_other(repository: Path) -> None:
    of_panels = {f"PANELS__MAIN__{field.upper()}" for field in PanelSettings.model_fields}
    others = {"PANELS__SECOND__URL", "PANELS__SECOND__KEY", *(f"{name.upper()}__RU" for name in Settings.IN_LANGUAGES)}
    assert {line["name"] for line in example_lines(repository)} == set(Settings.variables()) | of_panels | others


def test_the_example_shows_the_defaults(repository: Path) -> None:
    shown = {
        line["name"]: line["value"]
        for line in example_lines(repository)
        if line["remark"] and line["value"] and not line["name"].startswith("PANELS__")
    }
    from_example, defaults = load(**shown), load()
    assert from_example == defaults
    unset = {name for name in Settings.variables() if not getattr(defaults, name.lower())}
    assert set(shown) == set(Settings.variables()) - unset - {"BOT_TOKEN"}


def test_the_example_asks_first_for_what_must_be_filled_in(repository: Path) -> None:
    """Copied as it is, it says exactly what is missing; filled in, it opens the shop."""
    lines = example_lines(repository)
    asked = [line["name"] for line in lines if not line["remark"]]
    assert asked == ["BOT_TOKEN", "ADMIN_IDS", "PANELS__MAIN__URL", "PANELS__MAIN__KEY"]
    assert [line["name"] for line in lines[: len(asked)]] == asked
    assert set(dotenv_values(repository / ".env.example")) == set(asked)
    (problem,) = problems({}, repository / ".env.example")
    assert problem.startswith("BOT_TOKEN is missing")
    assert Settings.load(repository / ".env.example", LEAST).warnings == ()


def test_every_line_of_the_example_is_explained(repository: Path) -> None:
    text = (repository / ".env.example").read_text("utf-8")
    for paragraph in text.split("\n\n"):
        lines = paragraph.splitlines()
        assert lines[0].startswith("# ")
        assert not LINE.match(lines[0])
