"""Files that were sent: https://core.telegram.org/bots/api#document and #photosize."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.telegram.errors import JsonObject

DOCUMENT, PHOTO, STICKER = "Document", "Photo", "Sticker"  # as Telegram names them in refusals
MIMES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".csv": "text/csv"}
# A photo comes in several sizes, the largest last; each has an id of its own.
SIZES = ((90, 68), (320, 240), (1280, 960))


@dataclass(frozen=True)
class StoredFile:
    """A file that was sent; *size* in bytes may be claimed larger than the data."""

    id: str
    name: str
    mime: str
    data: bytes
    size: int
    kind: str = DOCUMENT

    @property
    def about(self) -> JsonObject:
        """What every object about a file has."""
        return {"file_id": self.id, "file_unique_id": f"u-{self.id}", "file_size": self.size}

    @property
    def document(self) -> JsonObject:
        """The Document object of the Bot API."""
        return {"file_name": self.name, "mime_type": self.mime} | self.about


class FileStore(dict[str, StoredFile]):
    """Files by their id, and of a photo all sizes by the id of any."""

    def __init__(self, unique: Callable[[str], str]) -> None:
        super().__init__()
        self._unique = unique
        self._photos: dict[str, list[JsonObject]] = {}

    def keep(self, name: str, mime: str, data: bytes, *, size: int | None = None, kind: str = DOCUMENT) -> StoredFile:
        """Store a file; a *mime* that is empty is guessed from the name."""
        known = mime or next((each for ending, each in MIMES.items() if name.lower().endswith(ending)), "text/plain")
        file = StoredFile(self._unique("file-"), name, known, data, len(data) if size is None else size, kind)
        self[file.id] = file
        return file

    def keep_photo(self, data: bytes) -> list[JsonObject]:
        """Store a photo; its PhotoSize objects. The smaller ones have other bytes, so that they can be told apart."""
        sizes: list[JsonObject] = []
        for width, height in SIZES:
            bytes_of_it = data if (width, height) == SIZES[-1] else f"{width} wide of ".encode() + data
            file = self.keep("photo.jpg", "image/jpeg", bytes_of_it, kind=PHOTO)
            sizes.append({"width": width, "height": height} | file.about)
        self._photos |= {size["file_id"]: sizes for size in sizes}
        return sizes

    def photo(self, file_id: str) -> list[JsonObject]:
        """All sizes of a photo of which one is known."""
        return self._photos[file_id]

    def of(self, content: JsonObject) -> StoredFile | None:
        """The file in a message's content, of a photo the largest size."""
        about = content.get("document") or (content.get("photo") or [None])[-1]
        return self.get(about["file_id"]) if about else None
