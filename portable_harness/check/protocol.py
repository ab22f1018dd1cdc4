"""The sentence of the protocol that asks for it, by the name of the check (docs/protocols.md)."""

from __future__ import annotations

_LINE = "A line `hello` from `carol` reaches every other member as `[carol] hello`."
_NAME = "The client's first line is its name: 1 to 32 ASCII letters and digits"
_LEAVE = "When a member leaves, by a close, a half-close or a reset, the others receive"
_LIST = "The new member receives `* The room contains: ann, bob` with the names of the others"
_ECHO = "What the client sends comes back unchanged, byte for byte, until the client closes."
_LENGTH = "every server must carry 1,000 characters"
_ORDER = "There is one total order of messages, joins and leaves, the same for all members."
_SEGMENT = "Lines that follow the name in the same segment count as said after the join."
_PARTIAL = "A partial line at the end of a connection is dropped."

SENTENCES = {
    # chat
    "greeting": "The server sends `Hello. Please send your name.`",
    "silent-clients": "The server sends `Hello. Please send your name.`",
    "gone-at-once": "A connection that never joined is never mentioned",
    "join": _LIST,
    "long-name": "every server must allow 16",
    "bad-name": _NAME,
    "odd-name": _NAME,
    "plain-names": _NAME,
    "similar-names": _LINE,
    "case-names": "Names are case-sensitive.",
    "second-user": "`! name is in use`",
    "rejoin": "the name of a member that has left can be used again",
    "leave": _LEAVE,
    "ghost": "A connection that never joined is never mentioned",
    "message": _LINE,
    "odd-text": _LINE,
    "pieces": "A line ends in LF.",
    "half-stays": "A line ends in LF.",
    "last-words": "A partial line at the end of a connection is dropped.",
    "same-text": _LINE,
    "name-and-lines": _SEGMENT,
    "long-line": _LENGTH,
    "after-a-reset": _LEAVE,
    "storm": "Every other member receives `* carol has entered the room`.",
    "at-once": _LINE,
    "history": _LINE,
    "no-past": _LINE,
    "fresh-start": _PARTIAL,
    "many-visits": "A refused connection is never mentioned to the members.",
    "partial-line": _PARTIAL,
    "half-a-name": _PARTIAL,
    "carriage-return": "A CR before it is removed.",
    "empty-line": "An empty line is a line.",
    "blank-line": _LINE,
    "name-in-use": "`! name is in use`",
    "bad-name-line": "A line that starts with `!` is the last line that a client receives",
    "total-order": _ORDER,
    "slow-member": "A member that stops reading never delays another.",
    "paused-member": _ORDER,
    # echo
    "line": _ECHO,
    "bytes": _ECHO,
    "many-lines": _ECHO,
    "half-close": "a last piece without a newline is answered too",
}
