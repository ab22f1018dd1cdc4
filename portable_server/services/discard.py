"""Discard (RFC 863): whatever comes is thrown away; nothing is ever answered."""
from __future__ import absolute_import, division, print_function

from portable_server.services.base import Conversation, Service


class Discard(Service):
    name = 'discard'

    def new(self):
        return Conversation()
