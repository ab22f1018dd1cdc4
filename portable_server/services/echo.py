"""Echo (RFC 862): whatever comes goes back unchanged, until the client closes.

The piece that `recv` gave is the piece that is sent. So all complete lines of a
segment are answered by one send, a last piece without a line end is answered too,
and a line of 50 MB needs no more memory than a short one.
"""
from __future__ import absolute_import, division, print_function

from portable_server.services.base import Conversation, Service


class EchoConversation(Conversation):
    def receive(self, data):
        return data


class Echo(Service):
    name = 'echo'

    def new(self):
        return EchoConversation()
