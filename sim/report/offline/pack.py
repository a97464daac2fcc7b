"""Packing: a header of JSON and the arrays behind it, gzipped and as base64, so that no text can end the script tag."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np


def pack(tables: Mapping[str, Any], layers: Mapping[str, tuple[np.ndarray, Mapping[str, Any]]]) -> str:
    """Return tables and layers as one text: 4 bytes with the header's length, the header, then all bytes.

    layers: uint8 arrays (any shape) with what a byte means. A layer whose meaning says `steps` is an axis of weeks is
    written as differences from the week before, which pack to a fraction; the page adds them up again.
    """
    header: dict[str, Any] = {"tables": tables, "layers": {}}
    body: list[bytes] = []
    offset = 0
    for name, (array, meaning) in layers.items():
        if array.dtype != np.uint8:
            raise TypeError(f"{name}: {array.dtype}, not uint8")
        data = _steps(array, int(meaning["steps"])) if "steps" in meaning else array
        header["layers"][name] = {"shape": list(array.shape), "offset": offset, **meaning}
        body.append(np.ascontiguousarray(data).tobytes())
        offset += data.size
    head = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    raw = len(head).to_bytes(4, "little") + head + b"".join(body)
    return base64.b64encode(gzip.compress(raw, 9, mtime=0)).decode()


def _steps(array: np.ndarray, axis: int) -> np.ndarray:
    """Return the differences along an axis, modulo 256; the first stays as it is."""
    first = np.take(array, [0], axis)
    return np.concatenate([first, np.diff(array, axis=axis)], axis=axis)


def as_bytes(values: np.ndarray, low: float, top: float, power: float = 1.0) -> np.ndarray:
    """Return values low..top as 1..255, what is missing as 0; a power below 1 spends more steps on small values."""
    share = np.clip((np.nan_to_num(values, nan=low) - low) / (top - low), 0, 1)
    return np.where(np.isnan(values), 0, 1 + np.round(254 * share**power)).astype(np.uint8)
