"""What all tests of the host share: a warning is an error here (and here only: see setup.cfg)."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from portable_harness.guest.fetch import last_error, run_pip

HERE = Path(__file__).parent
TIME_LIMIT = 240  # seconds on an idle machine; processes are started

# A shell starts a background job with SIGINT ignored, and all programs of the tests would inherit
# that: `python -m pytest &` in a script (POSIX.1-2017, Shell Command Language, 2.11).
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups (--dist loadgroup)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("error"), append=False)
            if item.get_closest_marker("time_limit") is None:
                item.add_marker(pytest.mark.time_limit(TIME_LIMIT))
            if item.get_closest_marker("xdist_group") is None:
                item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(HERE))))


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip, with pip's own reason, where there is no package index."""
    folder = tmp_path_factory.mktemp("index")
    status, output = run_pip(["download", "--no-deps", "--dest", str(folder), "iniconfig"])
    if status:
        pytest.skip(f"no package index: {last_error(output)}")
