"""The model card, `card.json` beside the weights: what they are, where they come from and how good they are.

Each step of the recipe adds what it knows: the export the recipe and the hashes, the calibration the figures.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from rag.training.data import files_in

SOURCES = {
    "squadshifts_new_wiki": ("modestyachts/squadshifts-website (Miller et al. 2020)", "none stated"),
    "squadshifts_reddit": ("modestyachts/squadshifts-website (Miller et al. 2020)", "none stated"),
    "squadshifts_amazon_reviews": ("modestyachts/squadshifts-website (Miller et al. 2020)", "none stated"),
    "qamr": ("uwnlp/qamr, dev and test (Michael et al. 2018)", "MIT"),
    "nq_open_gold": ("nelson-liu/lost-in-the-middle, from Natural Questions", "MIT; Natural Questions: CC BY-SA 3.0"),
    "squad2_dev_part": ("chrischute/squad, from SQuAD 2.0", "MIT; SQuAD 2.0: CC BY-SA 4.0"),
}
"""Source and licence of each data file, as its repository states it."""


def data_hashes(folder: Path) -> dict[str, dict[str, str]]:
    """SHA-256, source and licence of each data file in `folder`, by name.

    Raises LoadError where there is none, or two of one name.
    """
    hashes = {}
    for name, path in files_in(folder).items():
        source, licence = SOURCES.get(name, ("the user's own", "none stated"))
        hashes[name] = {"sha256": sha256(path), "source": source, "licence": licence}
    return hashes


def sha256(path: Path) -> str:
    """The hexadecimal SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def written_here(files: Iterable[Path], source: str) -> dict[str, str]:
    """SHA-256 of some files together, source and licence, of what was written for this project."""
    together = hashlib.sha256("".join(map(sha256, files)).encode()).hexdigest()
    return {"sha256": together, "source": f"{source}, written for this project", "licence": "this project's"}


def lineage(weights: Path) -> dict[str, object]:
    """The hash of a file of weights; their recipe and the weights they started from, where its folder tells."""
    files = (weights.parent / name for name in ("recipe.json", "card.json"))
    said: dict[str, object] = next((json.loads(path.read_text("utf-8")) for path in files if path.is_file()), {})
    return {"sha256": sha256(weights)} | {
        key: said[key] for key in ("recipe", "started from", "taught by") if key in said
    }


def add_to_card(folder: Path, facts: Mapping[str, object]) -> None:
    """Write `facts` into the folder's card, over those of the same name, beside what it says already."""
    path = folder / "card.json"
    card = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    path.write_text(json.dumps({**card, **facts}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
