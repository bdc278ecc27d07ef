"""The weights of an exported reader as they were before quantisation, nearly: where fine-tuning starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rag.errors import ModelError

_HOPS = 4
"""Nodes between a quantised product and the addition of its bias."""


def weights_in(path: Path) -> Path:
    """The file of weights in a folder that training or `export` wrote; a path that is no such folder as it is."""
    return next((path / name for name in ("reader.pt", "model.onnx") if (path / name).is_file()), path)


def state_dict(path: Path) -> dict[str, Tensor]:
    """The state of SpanModel in a checkpoint (`reader.pt`), or in a folder or file that `export` wrote.

    int8 weights come back as the numbers that they stand for. Raises ModelError.
    """
    path = weights_in(path)
    try:
        found: dict[str, Tensor] = (
            _from_onnx(path) if path.suffix == ".onnx" else torch.load(path, weights_only=True, map_location="cpu")
        )
    except Exception as error:  # torch, onnx and pickle raise kinds of their own
        raise ModelError(f"{path} holds no reader to start from ({type(error).__name__}): check the path") from error
    return found


def _from_onnx(path: Path) -> dict[str, Tensor]:
    import onnx

    graph = onnx.load(path).graph
    values = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    users: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    found = {}
    for name, value in values.items():
        plain = name.removesuffix("_quantized")
        whole = _dequantised(values, plain) if plain != name else value
        if plain.startswith(("encoder.", "head.")) and plain.endswith((".weight", ".bias")):
            found[plain] = whole
        for node in users.get(name, ()):
            if node.op_type in ("MatMul", "MatMulInteger") and node.input[1] == name:
                found[_bias(node, users, values).removesuffix("bias") + "weight"] = whole.T
    if not found:
        raise ValueError("no weights")
    return {name: torch.tensor(np.ascontiguousarray(value)) for name, value in found.items()}


def _dequantised(values: dict[str, np.ndarray], name: str) -> np.ndarray:
    """The float weights: a scale (and zero point) for the whole, for each row or for each column."""
    quantised = values[f"{name}_quantized"].astype(np.float32)
    zero, scale = values.get(f"{name}_zero_point", np.zeros(1)).astype(np.float32), values[f"{name}_scale"]
    return np.asarray((quantised - zero) * scale, dtype=np.float32)


def _bias(node: Any, users: dict[str, list[Any]], values: dict[str, np.ndarray]) -> str:
    """The name of the bias that is added to a product: products themselves have no names left."""
    ahead = [node]
    for _ in range(_HOPS):
        ahead = [user for passed in ahead for output in passed.output for user in users.get(output, ())]
        for user in ahead:
            for name in user.input if user.op_type == "Add" else ():
                if name in values and name.endswith("bias"):
                    return str(name)
    raise ValueError(f"no bias behind {node.name}")
