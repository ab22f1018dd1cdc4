"""python -m tests.host.check.faults PORT FAULT: a chat server with that fault, or a right one."""

from __future__ import annotations

import sys

from tests.host.check.faults.base import Server
from tests.host.check.faults.list import SERVERS

SERVERS.get(sys.argv[2] if len(sys.argv) > 2 else "", Server)().run(int(sys.argv[1]))
