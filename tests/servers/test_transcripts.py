"""The same dialogue with every model: the same transcript, to the byte."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.services.chargen import PATTERN

#: (what the client sends, how much it then waits for); None: it ends its side.
DIALOGUES = {
    'echo': [(b'hello\n', 6), (b'a', 1), (b'\r\n', 2), (b'many\nlines\nhere\n', 16),
             (b'\0\xff' * 3000, 6000), (b'no end', 6), (None, 0)],
    'discard': [(b'hello\n', 0), (b'x' * 100000, 0), (None, 0)],
    'chargen': [(b'', 72 + 2), (b'ignored\n', 74 * 94)],
}
TRANSCRIPTS = {
    'echo': b''.join(said for said, _ in DIALOGUES['echo'] if said),
    'discard': b'',
    'chargen': PATTERN,
}


@pytest.mark.parametrize('service', sorted(DIALOGUES))
def test_transcript(serve, service):
    client = serve(service).connect()
    heard = []
    for said, wanted in DIALOGUES[service]:
        if said is None:
            client.end_sending()
            heard.append(client.read_to_end())
        else:
            client.send(said)
            heard.append(client.read(wanted))
    assert b''.join(heard) == TRANSCRIPTS[service]
