"""Passwords: argon2id, and the same time for an account that is not there."""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

LEAST_LENGTH: Final = 12
GREATEST_LENGTH: Final = 200

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS: Final = _hasher.hash("a password that nobody has")


def hashed(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Whether `password` is the one `stored`; takes as long when there is none."""
    try:
        return _hasher.verify(stored or _NOBODYS, password) and bool(stored)
    except (VerifyMismatchError, InvalidHashError):
        return False
