"""A token that shows itself to nobody but the wire."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from sexton.client.errors import CredentialError

_VISIBLE = re.compile(r"[\x21-\x7e]+\Z")
_SCHEME = re.compile(r"[A-Za-z0-9-]*\Z")


class Token:
    """A credential. Its repr names where it came from; it cannot be pickled or formatted.

    `generation` counts the values it had: a file or variable may be given a new one while a process runs.
    """

    __slots__ = ("_read", "_source", "_value", "generation")

    def __init__(self, read: Callable[[], str], source: str) -> None:
        self._read = read
        self._source = source
        self._value = _checked(read(), source)
        self.generation = 0

    def renew(self) -> bool:
        """Read it again from where it came; whether it is another one now. What cannot be read changes nothing."""
        try:
            value = _checked(self._read(), self._source)
        except CredentialError:
            return False
        if value == self._value:
            return False
        self._value, self.generation = value, self.generation + 1
        return True

    def reveal(self) -> str:
        """The value, for the header it was made for."""
        return self._value

    def __repr__(self) -> str:
        return f"<token from {self._source}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        """Refused: a pickle is a file."""
        raise TypeError("A token is not pickled.")


def _checked(value: str, source: str) -> str:
    if not isinstance(value, str):
        raise CredentialError(f"The token from {source} is not text.")
    value = value.removesuffix("\n").removesuffix("\r")
    if not _VISIBLE.match(value):
        raise CredentialError(
            f"The token from {source} is empty or holds blanks, line ends or other unsendable characters."
        )
    return value


def token_of(token: str | None, token_env: str | None, token_file: str | os.PathLike[str] | None) -> Token | None:
    """The one token that was named, or None.

    Raises:
        CredentialError: more than one was named, it is missing, or it cannot be sent.
    """
    if sum(given is not None for given in (token, token_env, token_file)) > 1:
        raise CredentialError("Name one of token_env=, token_file= and token=.")
    if token is not None:
        value: str = token
        return Token(lambda: value, "the argument token=")
    if token_env is not None:
        return _from_environment(token_env)
    return None if token_file is None else _from_file(Path(token_file))


def _from_environment(name: str) -> Token:
    def read() -> str:
        value = os.environ.get(name)
        if value is None:
            raise CredentialError(f"The environment variable {name} is not set.")
        return value

    return Token(read, f"environment variable {name}")


def _from_file(path: Path) -> Token:
    def read() -> str:
        try:
            return path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            raise CredentialError(f"The token file {path} cannot be read as ASCII text.") from None

    return Token(read, f"file {path}")


def scheme_of(scheme: str) -> str:
    """What stands before the token in its header: `Bearer `, or nothing.

    Raises:
        CredentialError: it is no word.
    """
    if not _SCHEME.match(scheme):
        raise CredentialError("token_scheme= is one word, for example Bearer, or empty.")
    return f"{scheme} " if scheme else ""
