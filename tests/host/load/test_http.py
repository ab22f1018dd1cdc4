"""The generator for HTTP counts answers that are whole, and ends at the first that is wrong."""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from portable_harness.base.errors import Problem
from portable_harness.load.__main__ import measure
from portable_harness.load.build import compiler
from portable_harness.load.reports import LoadError
from portable_harness.load.spec import HttpLoad, http_request
from tests.host.load.echo_servers import serving

pytestmark = pytest.mark.skipif(compiler() is None, reason="absent: a C compiler")
SHORT: dict[str, Any] = {"warmup": 0.0, "seconds": 0.2, "patience": 5}
GET = http_request("/", None, False)
CLOSE = http_request("/", None, True)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
SHORTER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhell"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nX-Long: " + 300 * b"x" + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nX-After: all\r\n\r\n"
)
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"


def answering(*answers: bytes) -> Callable[[bytes], bytes]:
    """One answer for each request, whose end is an empty line; the last for all the rest."""
    turns, lock = itertools.chain(answers, itertools.repeat(answers[-1])), threading.Lock()

    def answer(data: bytes) -> bytes:
        with lock:
            return b"".join(next(turns) for _ in range(data.count(b"\r\n\r\n")))

    return answer


@pytest.mark.parametrize(
    "load",
    [
        HttpLoad(request=GET, connections=3, **SHORT),
        HttpLoad("rate", request=GET, connections=2, rate=300, **SHORT),
        HttpLoad("churn", request=CLOSE, connections=2, **SHORT),
    ],
    ids=lambda load: load.mode,
)
def test_it_counts_what_the_server_counts(load: HttpLoad) -> None:
    with serving(answering(OK)) as server:
        _, report = measure(load, server.where)
    requests, rest = divmod(server.received, load.line)
    greetings = 1 if load.mode == "churn" else load.connections
    assert rest == 0
    assert report.requests > 10
    assert 0 <= requests - greetings - report.requests <= load.connections
    assert 0 < report.latency.quantile(0.5) <= report.latency.max


def test_a_connection_has_one_request_on_its_way_at_a_rate_that_is_too_high() -> None:
    """What is due meanwhile waits, and its waiting counts: from the time that was fixed."""
    together: list[int] = []

    def answer(data: bytes) -> bytes:
        together.append(data.count(b"\r\n\r\n"))
        time.sleep(0.02)  # the server's work
        return OK

    load = HttpLoad("rate", request=GET, rate=1000, **SHORT)
    with serving(answer) as server:
        _, report = measure(load, server.where)
    assert set(together) == {1}
    assert report.requests < 20
    assert report.latency.total > 100
    assert report.latency.quantile(0.5) > 0.05


@pytest.mark.parametrize("answer", [OK, CHUNKED, INTERIM + OK], ids=["length", "chunks", "interim"])
def test_the_body_is_measured_in_each_form(answer: bytes) -> None:
    """All of them carry five bytes: as the first answer, then as one that is compared with it."""
    with serving(answering(answer, OK, answer)) as server:
        _, report = measure(HttpLoad(request=GET, **SHORT), server.where)
    assert report.requests > 2


def test_a_body_may_last_until_the_end_of_the_connection() -> None:
    load = HttpLoad("churn", request=CLOSE, connections=2, **SHORT)
    with serving(answering(b"HTTP/1.0 200 OK\r\n\r\nhello"), closes=True) as server:
        _, report = measure(load, server.where)
    assert report.requests > 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (SHORTER, "a body of 4 bytes where the first had 5"),
        (b"HTTP/1.1 500 No\r\nContent-Length: 5\r\n\r\nsorry", "status 500 where 200 was"),
        (b"NO\r\n", "answer 3 is not HTTP/1.1: NO"),
        (OK + b"x", "more came than was asked"),
        (OK + OK, "more came than was asked"),
        (OK.replace(b": 5", b": x"), "x is not a length"),
        (b"", "the server closed a connection after 3 answers"),
        (OK.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n"), "measure it with --close"),
    ],
    ids=["shorter", "status", "other protocol", "a byte more", "twice", "no length", "closed",
         "closes"],
)  # fmt: skip
def test_a_wrong_answer_ends_it(wrong: bytes, said: str) -> None:
    answer = answering(OK, OK, OK, wrong)
    with serving(answer) as server, pytest.raises(LoadError, match=re.escape(said)):
        measure(HttpLoad(request=GET, **SHORT), server.where)


def test_silence_is_a_failure() -> None:
    load = HttpLoad(request=GET, seconds=60, patience=0.2)
    cut = OK[:-1]
    with (
        serving(answering(OK, OK, cut)) as server,
        pytest.raises(LoadError, match=r"no answer for 0\.2 s"),
    ):
        measure(load, server.where)


def test_a_body_is_posted() -> None:
    request = http_request("/a?b=c", "grüße=1", False)
    assert request.startswith("POST /a?b=c HTTP/1.1\r\nHost: localhost\r\n")
    assert "\r\nContent-Length: 9\r\n" in request
    heard: list[bytes] = []

    def answer(data: bytes) -> bytes:
        heard.append(data)
        return OK

    with serving(answer) as server:
        _, report = measure(HttpLoad(request=request, **SHORT), server.where)
    assert set(heard) == {request.encode()}
    assert report.requests > 2


@pytest.mark.parametrize(
    ("path", "body"), [("x", None), ("/a b", None), ("/\r\n", None), ("/", "x" * 200_000)]
)
def test_what_cannot_be_requested_is_refused(path: str, body: str | None) -> None:
    with pytest.raises(Problem):
        http_request(path, body, False)
