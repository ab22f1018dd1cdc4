"""What the models without concurrency share: the thread that accepts also serves."""
from __future__ import absolute_import, division, print_function

from portable_server.models.base import Server


class InTurnServer(Server):
    """Base of the models in which one client is served and all others wait."""

    def _request_stop(self):
        Server._request_stop(self)
        # The serving thread is blocked in its client, not in accept: wake it there.
        self.live.interrupt_all()
