"""The asyncio Protocol chat on uvloop's event loop (libuv)."""

from __future__ import annotations

import uvloop

from portable_harness.peers.asyncio_protocol_chat import main

if __name__ == "__main__":
    uvloop.run(main())
