"""Bytes of a file as text: which encoding they are in, and plain line ends."""

from __future__ import annotations

from pipelines.returns.errors import PackFault

# In ISO-8859-14 these bytes are the Welsh letters W and Y with circumflex; in Windows-1252 they
# are Icelandic letters, which no return holds.
_WELSH = bytes([0xD0, 0xDE, 0xF0, 0xFE])
# In Windows-1252 these bytes are signs such as the euro; ISO-8859-14 has no letters there.
_ONLY_WINDOWS = bytes(range(0x80, 0xA0))


def decode(data: bytes, file: str) -> tuple[bytes, str]:
    """Return the file in UTF-8 with plain line ends, and how it was read; "" when it was Unicode.

    Raises `PackFault` when the file is empty or no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return _plain(data.decode("utf-16").encode()), ""
        except UnicodeDecodeError as trouble:
            found = "It begins as UTF-16 and does not go on so."
            raise PackFault("file_is_text", file, found) from trouble
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise PackFault("file_is_not_empty", file)
    if b"\0" in data:
        found = "It holds bytes that no text has, as workbooks and programs do."
        raise PackFault("file_is_text", file, found)
    try:
        data.decode("utf-8")
        return _plain(data), ""
    except UnicodeDecodeError:
        pass
    codec, name = _single_byte(data)
    try:
        return _plain(data.decode(codec).encode()), name
    except UnicodeDecodeError as trouble:
        raise PackFault("file_is_text", file, "It is not UTF-8 or Windows-1252.") from trouble


def _single_byte(data: bytes) -> tuple[str, str]:
    """Return the codec and the name of the encoding with one byte for each letter."""
    is_welsh = len(data.translate(None, _WELSH)) < len(data)
    is_windows = len(data.translate(None, _ONLY_WINDOWS)) < len(data)
    if is_welsh and not is_windows:
        return "iso8859_14", "ISO-8859-14"
    return "cp1252", "Windows-1252"


def _plain(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data
