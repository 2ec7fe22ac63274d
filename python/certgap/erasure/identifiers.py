"""What names a person: a kind and a text in one spelling, told apart and kept as keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

MAIL, NAME, HASHED_MAIL = "mail", "name", "mbox_sha1sum"
EMPLOYEE = "employee_id"
# What the contract's outcomes call an employee, where teams and projects may be subjects, too.
SUBJECT = "employee"
# Alias types whose values are mail addresses: one address names one person in all of them.
MAIL_KINDS = frozenset({MAIL, "work_email", "upn"})
# A login without a domain, or behind one: the name before an address's @.
LOGIN = "windows_login"
# They lead to nobody's number: they may have been somebody else's before.
WEAK = frozenset({MAIL, HASHED_MAIL, LOGIN})
# What exports write where nobody is: many rows have it, and it must lead from nobody to another.
NOBODY = frozenset(
    [
        "-",
        "--",
        "-1",
        "0",
        "na",
        "n/a",
        "none",
        "null",
        "nil",
        "nan",
        "unknown",
        "anonymous",
        "deleted",
        "no_manager",
        "no_one",
        "nobody",
        "system",
        "admin",
        "default",
        "guest",
        "p",
        "apm",
        "00000000-0000-0000-0000-000000000000",
    ]
)
Identifier = tuple[str, str]


def spelled(value: Any) -> str:
    """A value of a cell as it is compared: without case, outer blanks and forms of one letter."""
    return unicodedata.normalize("NFKC", str(value)).strip().casefold()


def address(text: str) -> str:
    """A mail address without `mailto:` and without what stands after a plus: one mailbox."""
    local, at, domain = text.removeprefix("mailto:").partition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def identifiers(kind: str, value: Any) -> Iterator[Identifier]:
    """What a value of this kind names; nothing where it is blank, or a name (many share one).

    An account that is an object of xAPI (homePage, name) is one text, as the adapter writes it. An
    employee id that the adapter has made of a vendor's own (`bamboohr:7`) is that one, too.
    """
    if isinstance(value, dict):
        value = f"{value.get('homePage')}|{value.get('name')}"
    kind = EMPLOYEE if kind == SUBJECT else kind
    text = "" if value is None else spelled(value)
    if not text or text in NOBODY:
        return
    if kind == LOGIN:
        text = text.rpartition("\\")[2]
    is_address = "@" in text and "|" not in text
    # A login that is an address is one: it may be reused as any other.
    if kind == EMPLOYEE or not (is_address or kind in {*MAIL_KINDS, NAME}):
        yield kind, text
    vendor, colon, number = text.partition(":")
    if kind == EMPLOYEE and colon and number:
        yield f"{vendor}_id", number
    if is_address:
        mail = address(text)
        yield MAIL, mail
        yield (
            HASHED_MAIL,
            hashlib.sha1(f"mailto:{mail}".encode(), usedforsecurity=False).hexdigest(),
        )


@dataclass
class Marks:
    """Hashes of the identifiers of people who are to be erased.

    Only hashes are ever kept: whoever has the record and not the key learns nobody's name, and
    whoever has the key can only ask whether somebody they know is in it. ``shared`` are aliases
    that are somebody else's, too: they prove nothing.
    """

    key: str
    hashes: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    _known: dict[Identifier, bool] = field(default_factory=dict, repr=False)

    def hash(self, identifier: Identifier) -> str:
        """HMAC-SHA-256 of kind and text under the key of the pseudonyms, in hex."""
        message = "\0".join(("erasure", *identifier)).encode()
        return hmac.new(self.key.encode(), message, hashlib.sha256).hexdigest()

    def names(self, identifier: Identifier) -> bool:
        """Whether it names one of these people."""
        if identifier not in self._known:
            self._known[identifier] = self.hash(identifier) in self.hashes
        return self._known[identifier]

    def give_up(self, claimed: Iterable[Identifier]) -> int:
        """Identifiers that by now are somebody else's prove nothing any more; how many were new."""
        given_up = {self.hash(identifier) for identifier in claimed} - self.shared
        self.shared |= given_up
        self.hashes -= given_up
        self._known.clear()
        return len(given_up)

    def add(self, found: Iterable[Identifier]) -> int:
        """Take further identifiers of the same people; how many were new."""
        new = {self.hash(identifier) for identifier in found} - self.hashes - self.shared
        self.hashes |= new
        if new:
            self._known.clear()
        return len(new)
