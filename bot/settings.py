"""The shop's settings: environment variables and ``.env``, checked and typed.

``Settings.load()`` reads them; everything else receives a ``Settings``. Each field's description completes
the sentence "NAME should be …", so that a mistake is named in words an owner can act on, and a secret is
never repeated. Variables of the environment win over ``.env``; an empty one counts as not given.
"""

import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot import settings_values as check
from bot.settings_errors import SettingsError, in_words, lookalikes

__all__ = ["PanelSettings", "Settings", "SettingsError"]

# What Telegram pays for a Star, in US dollars.
USUAL_STAR = Decimal("0.013")

PanelName = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$")]
Number = BeforeValidator(check.decimal)  # digits and one point: no nan, no exponent, no other script's digits
Whole = BeforeValidator(check.whole)
# A text in several languages: by locale, and under "" for everybody else.
Texts = Mapping[Annotated[str, BeforeValidator(check.language)], Annotated[str, BeforeValidator(check.own_text)]]


class PanelSettings(BaseModel):
    """How to reach one panel. ``rate`` is the shop's currency for one unit of the panel's, or None."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: Annotated[str, BeforeValidator(check.service_url)] = Field(
        description="the panel's API address, such as https://panel.example/api/v2 "
        "(https, or plain http on this machine only, without a ? part or a password)"
    )
    key: SecretStr = Field(min_length=1, description="the API key from your account page on the panel")
    rate: Annotated[Decimal, Number] | None = Field(
        default=None,
        ge=Decimal("0.000000001"),
        le=1_000_000_000,
        description="how much of CURRENCY one unit of the panel's currency is worth, such as 0.92",
    )
    calls_per_minute: Annotated[int, Whole] | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="the most calls a minute the panel allows, a whole number from 1 to 10000",
    )


class Settings(BaseSettings):
    """Everything that can be set. Built directly, it reads nothing from the machine; ``load`` does."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True
    )

    bot_token: Annotated[SecretStr, BeforeValidator(check.token)] = Field(
        description="the token that @BotFather gave you, such as 123456:AbC-dEf",
    )
    admin_ids: Annotated[frozenset[int], BeforeValidator(check.ids)] = Field(
        default=frozenset(),
        description="Telegram ids separated by commas, such as 123456,789012 (send /start to the bot to see yours)",
    )
    panels: Mapping[PanelName, PanelSettings] = Field(
        default_factory=dict, description="PANELS__<NAME>__URL and PANELS__<NAME>__KEY, a pair for each panel"
    )
    channel_id: Annotated[int | str | None, BeforeValidator(check.channel)] = Field(
        default=None, description="a channel's @name, or its number beginning with -100"
    )
    currency: Annotated[str, BeforeValidator(check.currency)] = Field(
        default="USD", description="a currency's three letters, such as USD, EUR or RUB"
    )
    markup_percent: Annotated[Decimal, Number] = Field(
        default=Decimal(30),
        ge=0,
        le=1000,
        description="a number of percent such as 30 (from 0 to 1000)",
    )
    database_url: Annotated[str, BeforeValidator(check.database_url)] = Field(
        default="sqlite+aiosqlite:///data/shop.db",
        repr=False,  # it may hold a password
        description="sqlite:///data/shop.db, or postgresql://user:password@host/name",
    )
    telegram_api_url: Annotated[str, BeforeValidator(check.service_url)] = Field(
        default="https://api.telegram.org",
        description="a Bot API server's address, such as https://api.telegram.org "
        "(https, or plain http on this machine only)",
    )
    status_seconds: Annotated[int, Whole] = Field(
        default=60, ge=1, le=86_400, description="a whole number of seconds such as 60 (from 1 to 86400)"
    )
    sync_seconds: Annotated[int, Whole] = Field(
        default=3600,
        ge=1,
        le=604_800,
        description="a whole number of seconds such as 3600 (from 1 to 604800)",
    )
    panel_timeout: Annotated[float, Number] = Field(
        default=30.0, ge=1, le=300, description="a number of seconds such as 30 (from 1 to 300)"
    )
    retry_minutes: Annotated[int, Whole] = Field(
        default=15, ge=1, le=1440, description="a whole number of minutes such as 15 (from 1 to 1440)"
    )
    wait_hours: Annotated[int, Whole] = Field(
        default=24, ge=1, le=720, description="a whole number of hours such as 24 (from 1 to 720)"
    )
    default_locale: Annotated[str, BeforeValidator(check.locale)] = Field(
        default="en", description="a language's code, such as en, ar or ru"
    )
    timezone: Annotated[ZoneInfo, BeforeValidator(check.timezone)] = Field(
        default=ZoneInfo("UTC"), description="a time zone's name, such as UTC or Europe/Berlin"
    )
    support_contact: Annotated[str | None, BeforeValidator(check.contact)] = Field(
        default=None, description="a Telegram @name, an https link or an e-mail address"
    )

    top_up_minimum: Annotated[Decimal, Number] = Field(
        default=Decimal(1), ge=Decimal("0.01"), le=1_000_000_000, description="an amount of CURRENCY such as 1"
    )
    top_up_maximum: Annotated[Decimal, Number] = Field(
        default=Decimal(1000), ge=Decimal("0.01"), le=1_000_000_000, description="an amount of CURRENCY such as 1000"
    )
    stars_rate: Annotated[Decimal | None, Number] = Field(
        default=None,
        ge=0,
        le=1_000_000_000,
        description="how much of CURRENCY one Telegram Star is worth, such as 0.013 (0: no Stars)",
    )
    crypto_pay_token: Annotated[SecretStr | None, BeforeValidator(check.crypto_token)] = Field(
        default=None, description="the token that @CryptoBot gave your app, such as 12345:AAabc…"
    )
    crypto_pay_url: Annotated[str, BeforeValidator(check.service_url)] = Field(
        default="https://pay.crypt.bot/api",
        description="the Crypto Pay API's address, such as https://pay.crypt.bot/api",
    )
    transfer_instructions: Texts = Field(
        default_factory=dict, description="a text of at most 2000 characters, or __RU after the name for one language"
    )
    terms: Texts = Field(
        default_factory=dict, description="a text of at most 2000 characters, or __RU after the name for one language"
    )
    paysupport: Texts = Field(
        default_factory=dict, description="a text of at most 2000 characters, or __RU after the name for one language"
    )

    warnings: tuple[str, ...] = Field(default=(), repr=False)
    """What looks like a mistake but stops nothing: variables of ``.env`` that nothing reads."""

    NOT_VARIABLES: ClassVar[frozenset[str]] = frozenset({"panels", "warnings"})
    IN_LANGUAGES: ClassVar[frozenset[str]] = frozenset({"transfer_instructions", "terms", "paysupport"})

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.top_up_maximum < self.top_up_minimum:
            raise PydanticCustomError("top_up_maximum", "less than the minimum")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (the library calls this by keyword)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the library calls this by keyword)
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the library calls this by keyword)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the library calls this by keyword)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Keep the constructor pure, so that tests and the demo never pick up the machine's variables."""
        return (init_settings,)

    @classmethod
    def variables(cls) -> dict[str, str]:
        """Return every variable but the panels', as name and what it should be."""
        fields = cls.model_fields.items()
        return {name.upper(): str(field.description) for name, field in fields if name not in cls.NOT_VARIABLES}

    @classmethod
    def load(cls, env_file: str | Path | None = ".env", environ: Mapping[str, str] | None = None) -> Self:
        """Read ``env_file`` (which may be missing) and ``environ`` (the process's, if None).

        Raises ``SettingsError``, which names each wrong variable and what it should be.
        """
        in_file = _read(env_file)
        given = {**in_file, **_filled(os.environ if environ is None else environ)}
        warnings = lookalikes((name for name in in_file if not cls._in_language(name)), cls.variables())
        try:
            return cls(**_GivenVariables(cls, given)(), warnings=warnings)
        except ValidationError as error:
            raise SettingsError((*in_words(error, given, cls, PanelSettings), *warnings)) from None

    @classmethod
    def _in_language(cls, name: str) -> bool:
        base, named, _ = name.lower().partition("__")
        return bool(named) and base in cls.IN_LANGUAGES

    @property
    def secrets(self) -> tuple[str, ...]:
        """Whatever must never be seen in a log, as plain strings."""
        fields = (getattr(self, name) for name in type(self).model_fields)
        ours = [value.get_secret_value() for value in fields if isinstance(value, SecretStr)]
        keys = [panel.key.get_secret_value() for panel in self.panels.values()]
        password = check.database_password(self.database_url)
        return (*ours, *keys, *([password] if password else ()))

    @property
    def star(self) -> Decimal | None:
        """What a Star is worth in the shop's currency; None where the shop takes none.

        Without a setting it is what Telegram pays out for one, which is known in dollars only.
        """
        usual = USUAL_STAR if self.currency == "USD" else None
        return (usual if self.stars_rate is None else self.stars_rate) or None

    @property
    def sqlite_file(self) -> Path | None:
        """The database file, or None where the database is a server."""
        scheme, _, rest = self.database_url.partition(":///")
        return Path(rest.partition("?")[0]) if scheme.startswith("sqlite") else None

    @property
    def support_link(self) -> str | None:
        """``support_contact`` as a link that a button can open; None for an e-mail address or nothing."""
        contact = self.support_contact
        if contact and contact.startswith("@"):
            return f"https://t.me/{contact[1:]}"
        return contact if contact and "://" in contact else None


class _GivenVariables(EnvSettingsSource):
    """Reads one mapping of names and values as they stand: no JSON, so that a key of digits stays text."""

    def __init__(self, settings_cls: type[BaseSettings], given: Mapping[str, str]) -> None:
        self.given = given
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        names = {name.lower() for name in Settings.variables()}
        return {name.lower(): value for name, value in self.given.items() if name.lower() in names}

    def prepare_field_value(
        self,
        field_name: str,
        field: Any,  # noqa: ARG002  (the library's signature)
        value: Any,
        value_is_complex: bool,  # noqa: ARG002  (the library's signature)
    ) -> Any:
        """Gather the panels' variables and the texts in several languages; hand on the others as text."""
        if field_name in Settings.IN_LANGUAGES:
            return self._texts(field_name) or None
        return self._panels() if field_name == "panels" else value

    def _texts(self, field_name: str) -> dict[str, str]:
        texts = {}
        for name, value in self.given.items():
            base, _, locale = name.lower().partition("__")
            if base == field_name:
                texts[locale] = value
        return texts

    def _panels(self) -> dict[str, dict[str, str]]:
        panels: dict[str, dict[str, str]] = {}
        for name, value in self.given.items():
            prefix, _, rest = name.lower().partition("__")
            if prefix == "panels":
                panel, _, field = rest.rpartition("__")
                panels.setdefault(panel, {})[field] = value
        return panels


def _read(env_file: str | Path | None) -> dict[str, str]:
    if env_file is None or not Path(env_file).exists():
        return {}
    try:
        # No ${…} inside values: a key may hold such a thing. The BOM is what some editors on Windows add.
        return _filled(dotenv_values(env_file, interpolate=False, encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError((f"{env_file} cannot be read: {error}",)) from None


def _filled(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if value and value.strip()}
