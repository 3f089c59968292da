"""The one sentence of an argument error: its parts, and the value that it offers."""

import ast
import re
from dataclasses import dataclass

LONGEST = 450  # characters; three quarters of it are for the value and the remedy
_SENTENCE = re.compile(
    r"(?P<argument>.+?) of (?P<owner>(study |record )?[\w.-]+) must (?P<allowed>.+?)\. "
    r"Got (?P<got>.+)\. (?P<remedy>(Try|Pass|Number|Take) .+)\."
)
NO_VALUE = object()


@dataclass(frozen=True)
class Message:
    """An error message, taken apart."""

    argument: str
    owner: str
    got: str
    remedy: str

    @property
    def offered(self) -> object:
        """The value that is offered, NO_VALUE where the remedy is code or words."""
        try:
            return ast.literal_eval(self.remedy.removeprefix("Try "))
        except (SyntaxError, ValueError):
            return NO_VALUE


def read_message(error: Exception) -> Message:
    """Take the message apart; it must be one short sentence of the pattern."""
    text = str(error)
    assert len(text) <= LONGEST, f"{len(text)} characters: {text[:200]}"
    found = _SENTENCE.fullmatch(text)
    assert found, f"not the pattern of an argument error: {text!r}"
    return Message(*(found[part] for part in ("argument", "owner", "got", "remedy")))


def names(message: Message, argument: str) -> bool:
    """Tell whether the message is about this argument or a part of it, or says to change it."""
    about = f"{message.argument} {message.remedy}"
    return re.search(rf"\b{argument.rstrip('s')}", about) is not None


def followed(given: dict[str, object], message: Message) -> dict[str, object] | None:
    """Return the arguments with the offered value in the place of the wrong one, if one is."""
    name, _, key = message.argument.partition("[")
    if message.offered is NO_VALUE or name not in given:
        return None
    if not key:
        return {**given, name: message.offered}
    whole = given[name]
    container = dict(whole) if isinstance(whole, dict) else list(whole)
    container[ast.literal_eval(key.removesuffix("]"))] = message.offered
    return {**given, name: container}
