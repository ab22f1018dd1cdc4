"""Row 65: random valid histories are accepted; a random single corruption of one is found."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portable_harness.chat.checker import judge
from portable_harness.chat.corruptions import CORRUPTIONS, Corruption
from portable_harness.chat.simulated_room import SimulatedRoom

seeds = st.integers(min_value=0, max_value=2**32)
lengths = st.integers(min_value=0, max_value=400)
patient = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)


@given(seed=seeds, actions=lengths, stop=st.booleans())
@patient
def test_valid_histories_are_accepted(seed: int, actions: int, stop: bool) -> None:
    verdict = judge(SimulatedRoom(Random(seed)).run(actions, stop))
    assert verdict.faults == []


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda c: c.__name__)
def test_corruptions_are_found(corruption: Corruption) -> None:
    tried = 0

    @given(seed=seeds, actions=st.integers(min_value=60, max_value=400))
    @patient
    def check(seed: int, actions: int) -> None:
        nonlocal tried
        random = Random(seed)
        corrupted = corruption(SimulatedRoom(random).run(actions), random)
        if corrupted is not None:
            tried += 1
            assert not judge(corrupted).ok

    check()
    assert tried >= 20, "too few histories offered a place for this corruption"
