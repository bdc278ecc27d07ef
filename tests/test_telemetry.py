"""What dependencies would send by themselves, below the sockets of Python that tests and evaluation watch."""

import os
import subprocess
import sys

import pytest

RUN = """
import {first}
from rag.reading.trained import BUNDLED_WEIGHTS
from rag.spans import SpanModel
SpanModel.load(BUNDLED_WEIGHTS).read("Who?", [("", "Anna sells tea.")])
"""


@pytest.mark.parametrize("first", ["rag", "rag.cli", "rag.index.store", "app", "evals"])
def test_onnxruntime_collects_nothing_to_send(first, tmp_path):
    """With telemetry on it writes a device id and a queue of events before it connects."""
    kept = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    env = {
        **kept,
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "RAG_INDEX_DIR": str(tmp_path / "i"),
    }
    subprocess.run([sys.executable, "-c", RUN.format(first=first)], env=env, check=True, timeout=300)
    assert not list(tmp_path.rglob("*onnxruntime*"))
