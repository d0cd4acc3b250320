"""Methods that send files, and change what is written under them."""

from __future__ import annotations

from bot.demo.telegram.errors import ApiError, JsonObject, bad_request
from bot.demo.telegram.files import DOCUMENT, PHOTO, StoredFile
from bot.demo.telegram.keyboards import checked_inline, checked_markup
from bot.demo.telegram.methods import method, room_to_write
from bot.demo.telegram.params import Params, Upload
from bot.demo.telegram.sending import change, own_message, post, reply_to
from bot.demo.telegram.texts import caption_text
from bot.demo.telegram.world import World

LARGEST_UPLOAD = 50 * 1024 * 1024  # bytes a bot can send
LARGEST_PHOTO = 10 * 1024 * 1024
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF")  # how files begin that Telegram takes for photos


@method("sendDocument")
def send_document(world: World, params: Params) -> JsonObject:
    """A file, uploaded or known by its id."""
    upload = _uploaded(params, "document")
    if upload is not None:
        file = world.files.keep(upload.name, upload.mime, upload.data)
    else:
        file = _known(world, params, "document", DOCUMENT)
    return _send(world, params, {"document": file.document}, file)


@method("sendPhoto")
def send_photo(world: World, params: Params) -> JsonObject:
    """A photo, uploaded or known by the id of one of its sizes."""
    upload = _uploaded(params, "photo")
    if upload is not None:
        sizes = world.files.keep_photo(_picture(upload.data))
    else:
        sizes = world.files.photo(_known(world, params, "photo", PHOTO).id)
    return _send(world, params, {"photo": sizes}, world.files.of({"photo": sizes}))


@method("editMessageCaption")
def edit_message_caption(world: World, params: Params) -> JsonObject:
    """New words under a file of the bot; a keyboard that is not sent again goes away."""
    formatted = caption_text(params)
    room, message = own_message(world, params)
    if not {"document", "photo"} & message.content.keys():
        raise bad_request("there is no caption in the message to edit")
    return change(world, room, message, formatted, checked_inline(params.structure("reply_markup")))


def _send(world: World, params: Params, content: JsonObject, file: StoredFile | None) -> JsonObject:
    room = room_to_write(world, params)
    formatted, markup = caption_text(params), checked_markup(params.structure("reply_markup"))
    data = file.data if file is not None else b""
    return post(world, room, formatted, markup, content=content, extra=reply_to(room, params), file=data).as_update()


def _uploaded(params: Params, name: str) -> Upload | None:
    upload = params.upload(name)
    if upload is not None and len(upload.data) > LARGEST_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if upload is not None and not upload.data:
        raise bad_request("file must be non-empty")
    return upload


def _known(world: World, params: Params, name: str, kind: str) -> StoredFile:
    file_id = params.text(name)
    if not file_id:
        raise bad_request(f"there is no {name} in the request")
    file = world.files.get(file_id)
    if file is None:
        raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind} as {kind}")
    return file


def _picture(data: bytes) -> bytes:
    if len(data) > LARGEST_PHOTO:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes"
        )
    if not data.startswith(PICTURES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return data
