"""The outside of an .xlsx file: its directory and its parts, inflated under limits.

Loaded by the process that reads strangers' files, so it imports nothing it can do without.
"""

import encodings.cp437  # noqa: F401 -- zipfile decodes old names with it, when no file can be opened any more
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final, NoReturn

MEBI: Final = 1024 * 1024
UPLOAD: Final = 20 * MEBI
INFLATED: Final = 200 * MEBI
RATIO: Final = 100
RATIO_GRACE: Final = MEBI  # a part this small may be packed as densely as it likes
MEMBERS: Final = 2_000
CHUNK: Final = 64 * 1024

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    OSError,
    ValueError,
)


class Refused(Exception):
    """The file is not read; `code` and `params` say why."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def refuse(code: str, **params: str | int) -> NoReturn:
    """Raises `Refused`, texts cut to what a message shows."""
    raise Refused(code, **{k: v[:80] if isinstance(v, str) else v for k, v in params.items()})


def look_outside(content: bytes) -> None:
    """Refuses what is no .xlsx by its size and first bytes, without opening anything."""
    if not content:
        refuse("file_empty")
    if len(content) > UPLOAD:
        refuse("file_too_big", megabytes=len(content) // MEBI + 1, most=UPLOAD // MEBI)
    if content.startswith(OLE):
        refuse(_ole_kind(content))
    if not content.startswith(ZIP):
        refuse("file_not_a_workbook")


def _ole_kind(content: bytes) -> str:
    """An encrypted .xlsx is an OLE file, as are rights-managed ones and the .xls of 1997."""
    if _utf16("DRMEncrypted") in content or _utf16("DRMContent") in content:
        return "file_rights_managed"
    if _utf16("EncryptedPackage") in content:
        return "file_password"
    if _utf16("Workbook") in content or _utf16("Book") in content:
        return "file_old_excel"
    return "file_not_a_workbook"


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


class Package:
    """An opened .xlsx whose directory was found harmless; parts are inflated a chunk at a time."""

    def __init__(self, content: bytes) -> None:
        look_outside(content)
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except DAMAGE:
            refuse("file_damaged")
        self.size = len(content)
        self.inflated = 0
        members = self._zip.infolist()
        _check_directory(members, self.size)
        self.members = {member.filename: member for member in members if not member.is_dir()}

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a part, piece by piece.

        Raises:
            Refused: it is damaged, or more comes out than any honest workbook holds.
        """
        member = self.members[name]
        own = 0
        try:
            with self._zip.open(member) as part:
                while chunk := part.read(CHUNK):
                    own += len(chunk)
                    self.inflated += len(chunk)
                    _check_sizes(own, member.compress_size, self.inflated)
                    yield chunk
        except DAMAGE:
            refuse("file_damaged", part=name)


def _check_directory(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MEMBERS:
        refuse("file_too_much", what="parts", most=MEMBERS)
    if len({member.filename.casefold() for member in members}) != len(members):
        refuse("file_damaged")
    if not members or sum(member.compress_size for member in members) > size:
        refuse("file_damaged")
    if min(member.header_offset for member in members) != 0:
        refuse("file_damaged")  # something stands before the zip: two files in one
    inflated = 0
    for member in members:
        _check_member(member)
        inflated += member.file_size
        _check_sizes(member.file_size, member.compress_size, inflated)


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 0x1:
        refuse("file_password")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        refuse("file_damaged", part=member.filename)
    name = member.filename.replace("\\", "/")
    strange = name.startswith("/") or ":" in name or ".." in name.split("/")
    if strange or "\0" in member.orig_filename or _is_link(member):
        refuse("file_strange_path", part=name)


def _is_link(member: zipfile.ZipInfo) -> bool:
    return (member.external_attr >> 16) & 0o170000 == 0o120000


def _check_sizes(own: int, packed: int, total: int) -> None:
    if total > INFLATED or (own > RATIO_GRACE and own > RATIO * max(packed, 1)):
        refuse("file_inflates", megabytes=total // MEBI, most=INFLATED // MEBI)
