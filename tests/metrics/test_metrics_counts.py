"""Layers are added up in a kernel as NumPy adds up, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from sim.metrics.counts import add_up


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 127, 128, 129, 137, 600, 1024, 4097])
def test_layers_are_added_up_as_numpy_does(size):
    values = np.random.default_rng(size).random(size) * 10.0 ** np.random.default_rng(1).integers(-9, 9, size)
    assert add_up(values) == values.sum()
    assert size == 0 or add_up(values) == np.stack([values, values]).sum(axis=1)[1]
