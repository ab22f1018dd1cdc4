"""A failing schedule as one word, to be replayed by `--replay` on any interpreter.

A decision names its place by the line of the source, not by a number of steps:

    1:12.3>2    actor 1, at its third point in line 12: actor 2 goes on
    1:0.2>2     the second time that actor 1 has to wait or ends: actor 2 goes on

The word is these, with what else belongs to the test, as JSON, compressed, in base64.
"""
from __future__ import absolute_import, division, print_function

import base64
import json
import re
import zlib

from portable_server.litmus.explore.strategies import Repeating

_VERSION = 1
_DECISION = re.compile(r'^(\d+):(-?\d+)\.(\d+)>(\d+)$')


class TokenError(ValueError):
    """The word is no token, or one of another version."""


def encode(test, decisions):
    """The token (str) of a test (what JSON can hold) and located decisions (list of str)."""
    text = json.dumps([_VERSION, test, decisions], sort_keys=True, separators=(',', ':'))
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode('utf-8'), 9))
    return 'r' + packed.decode('ascii').rstrip('=')


def decode(token):
    """(test, decisions) of a token. Raises TokenError."""
    try:
        packed = str(token)[1:] + '=' * (-(len(token) - 1) % 4)
        text = zlib.decompress(base64.urlsafe_b64decode(packed.encode('ascii')))
        version, test, decisions = json.loads(text.decode('utf-8'))
    except Exception:       # each layer has errors of its own
        raise TokenError('%r is no token of `race`; copy it whole' % token)
    if version != _VERSION or not all(_DECISION.match(one) for one in decisions):
        raise TokenError('the token is of another version of `race`')
    return test, [str(one) for one in decisions]


def located(decisions, places):
    """Decisions (actor, own step, following) by the places of a recorded execution, as text."""
    found = []
    for actor, own, following in decisions:
        line, number = places[actor, own]
        found.append('%d:%d.%d>%d' % (actor, line, number, following))
    return found


class Located(Repeating):
    """Follows located decisions in a recorded run; `missed` says how many never came."""

    name = 'replay'

    def __init__(self, decisions):
        self._given = {}
        for text in decisions:
            actor, line, number, following = map(int, _DECISION.match(text).groups())
            self._given[actor, line, number] = following

    def begin(self, run):
        super(Located, self).begin(run)
        self.missed = len(self._given)

    def _wanted(self, run, actor):
        wanted = self._given.get((actor.number,) + run.place)
        if wanted is not None:
            self.missed -= 1
        return wanted
