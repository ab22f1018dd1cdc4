"""Super-server: every connection gets a process that runs *another* program (inetd).

Teaches: the three steps by which Unix starts programs. fork; `dup2` puts the
connection in the place of stdin and stdout; exec runs a program that reads stdin and
writes stdout and knows nothing of networks (portable_server/inetd.py here; any would do).
Guarantees: as `fork`; and the program can be written in any language and tested in a pipe.
Breaks: every connection starts a whole interpreter, which takes about 50 ms.
"""
from __future__ import absolute_import, division, print_function

import os
import sys

from portable_server.compat.errors import NotSupported
from portable_server.models.forked import ForkedServer

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class SuperServer(ForkedServer):
    name = 'super-server'
    conversations_only = True

    def start(self):
        """As ForkedServer.start; the interpreter must know its own program's path."""
        if not sys.executable:
            raise NotSupported('this interpreter does not know its own program (sys.executable)')
        ForkedServer.start(self)

    def in_child(self, connection):
        descriptor = connection.socket.fileno()
        os.dup2(descriptor, 0)
        os.dup2(descriptor, 1)
        # -S: the program needs no site packages, and looking for them takes half its start.
        command = [sys.executable, '-S', '-m', 'portable_server.inetd', self.service.name]
        environment = dict(os.environ, PYTHONPATH=ROOT)
        os.execve(command[0], command + self.service.arguments(), environment)
