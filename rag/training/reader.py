"""Trains the span reader: `python -m rag.training.reader DATA_FOLDER OUT_FOLDER`.

The encoder's weights with a linear head for the start and the end of the answer; "no answer" is the span of
the first token, so each passage's score is the best span's minus that one's, comparable between passages
(Clark and Gardner, ACL 2018, the no-answer option). Own pairs in the data's format train the same way.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from rag.encoding import bundled_folder
from rag.errors import LoadError
from rag.training.card import data_hashes
from rag.training.data import Example, read_examples, titles
from rag.training.negatives import dropped, mined, swapped
from rag.training.restore import state_dict

QUESTION_TOKENS = 64


@dataclass(frozen=True)
class Recipe:
    """Every knob of a training run; printed, and kept in the model card."""

    seed: int = 7
    epochs: float = 1.0
    batch: int = 32
    learning_rate: float = 2e-4
    warmup: float = 0.05
    weight_decay: float = 0.01
    window: int = 256
    """Tokens of question and passage together; a shorter one trains faster, the reader's own is 256."""
    mined: float = 0.4
    """Mined negatives for each answerable question."""
    dropped: float = 0.12
    swapped: float = 0.15
    squad_repeats: int = 3
    nq_repeats: int = 2
    wiki: int = 8000
    """At most so many questions of each file."""
    forum: int = 5000
    reviews: int = 5000
    qamr: int = 9000
    titled: float = 0.7
    """How often the passage comes with its title before it."""


@dataclass(frozen=True)
class Row:
    """A tokenised pair. `start` and `end` are token positions, both 0 where the passage does not answer."""

    ids: list[int]
    passage_from: int
    start: int
    end: int


class SpanModel(nn.Module):  # type: ignore[misc]
    """Token ids to start and end logits, shape (batch, tokens, 2); `allowed` masks all but passage and first token."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(
            folder, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        self.head = nn.Linear(self.encoder.config.hidden_size, 2)

    def forward(self, ids: Tensor, attention: Tensor, segments: Tensor) -> Tensor:
        """Logits of the start (last axis 0) and the end (1); the first token stands for "no answer"."""
        hidden = self.encoder(input_ids=ids, attention_mask=attention, token_type_ids=segments).last_hidden_state
        logits: Tensor = self.head(hidden)
        return logits


def held_out(title: str) -> bool:
    """Whether a title of nq_open_gold is never trained on: one in five, by its hash."""
    import hashlib

    return int(hashlib.sha256(title.encode()).hexdigest()[:8], 16) % 5 == 0


def mixture(folder: Path, recipe: Recipe) -> list[Example]:
    """The training examples, answerable and not, in a seeded order; files of other names count whole.

    Raises LoadError where the folder holds no data.
    """
    chance = random.Random(recipe.seed)
    found = {path.name.split(".")[0]: path for path in sorted(folder.glob("*.jsonl*"))}
    if not found:
        raise LoadError(f"{folder} holds no .jsonl or .jsonl.gz file: check the path")
    parted = found.pop("squad2_dev_part", None)
    squad = [e for e in read_examples(parted) if e.title in titles("train")] if parted else []
    most = {
        "squadshifts_new_wiki": recipe.wiki,
        "squadshifts_reddit": recipe.forum,
        "squadshifts_amazon_reviews": recipe.reviews,
        "qamr": recipe.qamr,
        "nq_open_gold": 10_000,
    }
    chosen: list[Example] = squad * recipe.squad_repeats
    negatives = _negatives([e for e in squad if e.answers], chance, recipe)
    for name in sorted(found, key=lambda name: [*most, name].index(name)):
        examples = [e for e in read_examples(found[name]) if name != "nq_open_gold" or not held_out(e.title)]
        if name in ("squadshifts_reddit", "squadshifts_amazon_reviews", "qamr"):
            examples = [example.model_copy(update={"title": ""}) for example in examples]
        examples = chance.sample(examples, min(most.get(name, len(examples)), len(examples)))
        unanswerable = [e for e in examples if not e.answers]
        examples = [e for e in examples if e.answers]
        negatives += _negatives(examples, chance, recipe)
        chosen += examples * (recipe.nq_repeats if name == "nq_open_gold" else 1) + unanswerable
    everything = chosen + negatives
    chance.shuffle(everything)
    return everything


def _negatives(examples: Sequence[Example], chance: random.Random, recipe: Recipe) -> list[Example]:
    def some(share: float) -> list[Example]:
        return chance.sample(list(examples), int(share * len(examples)))

    found = mined(some(recipe.mined), chance) if recipe.mined else []
    found += dropped(some(min(1.0, recipe.dropped * 1.5)))[: int(recipe.dropped * len(examples))]
    candidates = swapped(some(1.0), chance)
    return found + candidates[: int(recipe.swapped * len(examples))]


def tokenise(example: Example, tokenizer: Tokenizer, chance: random.Random, recipe: Recipe) -> Row:
    """One row; a passage longer than the window is cut to one that holds the answer, at a random place."""
    question = tokenizer.encode(example.question, add_special_tokens=False).ids[:QUESTION_TOKENS]
    lead = f"{example.title.replace('_', ' ')}. " if example.title and chance.random() < recipe.titled else ""
    head = tokenizer.encode(lead, add_special_tokens=False).ids[:32]
    passage = tokenizer.encode(example.context, add_special_tokens=False)
    room = recipe.window - len(question) - len(head) - 3
    first, last = _answer_tokens(example, passage.offsets, chance)
    begin = 0
    if len(passage.ids) > room:
        low, high = (
            (max(0, last - room + 1), min(first, len(passage.ids) - room))
            if first >= 0
            else (0, len(passage.ids) - room)
        )
        begin = chance.randint(min(low, high), max(low, high))
    kept = passage.ids[begin : begin + room]
    cls, sep = 101, 102
    ids = [cls, *question, sep, *head, *kept, sep]
    offset = len(question) + 2 + len(head)
    inside = first >= begin and last < begin + len(kept) and first >= 0
    start, end = (offset + first - begin, offset + last - begin) if inside else (0, 0)
    return Row(ids, offset, start, end)


def _answer_tokens(example: Example, offsets: Sequence[tuple[int, int]], chance: random.Random) -> tuple[int, int]:
    """The first and last token of an answer, the most frequent one mostly; (-1, -1) where there is none."""
    if not example.answers:
        return -1, -1
    gold = chance.choice(example.answers)
    end = gold.start + len(gold.text)
    covered = [i for i, (a, b) in enumerate(offsets) if a < end and b > gold.start and b > a]
    return (covered[0], covered[-1]) if covered else (-1, -1)


def batches(rows: Sequence[Row], size: int, chance: random.Random) -> Iterator[list[Row]]:
    """Batches of rows of like length, in random order."""
    order = list(range(len(rows)))
    chance.shuffle(order)
    pool = size * 40
    grouped = []
    for first in range(0, len(order), pool):
        part = sorted(order[first : first + pool], key=lambda i: len(rows[i].ids))
        grouped += [part[i : i + size] for i in range(0, len(part), size)]
    chance.shuffle(grouped)
    for group in grouped:
        yield [rows[i] for i in group]


def tensors(rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Ids, attention, segments and allowed positions, each (batch, tokens), padded to a multiple of 32."""
    length = math.ceil(max(len(row.ids) for row in rows) / 32) * 32
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    attention, segments = torch.zeros_like(ids), torch.zeros_like(ids)
    allowed = torch.zeros(len(rows), length, dtype=torch.bool)
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = torch.tensor(row.ids)
        attention[i, : len(row.ids)] = 1
        segments[i, row.ids.index(102) + 1 : len(row.ids)] = 1
        allowed[i, row.passage_from : len(row.ids) - 1] = True
        allowed[i, 0] = True
    return ids, attention, segments, allowed


def loss_of(model: SpanModel, rows: Sequence[Row]) -> Tensor:
    """Mean cross entropy of start and end."""
    ids, attention, segments, allowed = tensors(rows)
    with torch.autocast("cpu", torch.bfloat16, enabled=_fast_in_bfloat16()):
        logits = model(ids, attention, segments)
    logits = logits.float().masked_fill(~allowed[..., None], -1e4)
    gold = torch.tensor([[row.start, row.end] for row in rows])
    return nn.functional.cross_entropy(logits.transpose(1, 2).reshape(-1, ids.shape[1]), gold.reshape(-1))


def train(folder: Path, out: Path, recipe: Recipe, start_from: Path | None = None) -> None:
    """Train and write `reader.pt`, anew every 200 steps, and `recipe.json` (recipe and data hashes) into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    trained = {"recipe": asdict(recipe), "data": data_hashes(folder)}
    (out / "recipe.json").write_text(json.dumps(trained, indent=1) + "\n", encoding="utf-8")
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)
    base = bundled_folder()
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    examples = mixture(folder, recipe)
    unanswered = sum(not example.answers for example in examples)
    print(f"{len(examples)} examples, {unanswered} of them unanswerable", flush=True)
    rows = [tokenise(example, tokenizer, chance, recipe) for example in examples]
    model = SpanModel(base)
    if start_from:
        model.load_state_dict(state_dict(start_from))
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)  # half the weights, and sparse to learn from
    learning = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    steps = int(recipe.epochs * len(rows) / recipe.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps, recipe.warmup))
    started, total = time.time(), 0.0
    for step, batch in enumerate(_forever(rows, recipe.batch, chance), 1):
        loss = loss_of(model, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        total += float(loss.detach())
        if step % 50 == 0:
            print(f"step {step}/{steps} loss {total / 50:.3f} {time.time() - started:.0f} s", flush=True)
            total = 0.0
        if step % 200 == 0 or step == steps:
            torch.save(model.state_dict(), out / "reader.pt")
        if step == steps:
            break


@cache
def _fast_in_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself: where it does not, torch takes fifty times longer with it."""
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8").split()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _forever(rows: Sequence[Row], size: int, chance: random.Random) -> Iterator[list[Row]]:
    while True:
        yield from batches(rows, size, chance)


def _rate(step: int, steps: int, warmup: float) -> float:
    rising = max(1, int(warmup * steps))
    return (step + 1) / rising if step < rising else max(0.0, (steps - step) / max(1, steps - rising))


def main() -> None:
    """Read the arguments; every field of Recipe is one."""
    parser = argparse.ArgumentParser(prog="python -m rag.training.reader", description="Train the span reader.")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start-from", type=Path, metavar="WEIGHTS", help="a folder of weights, this package's too")
    for name, value in asdict(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args())
    data, out, start_from = given.pop("data"), given.pop("out"), given.pop("start_from")
    train(data, out, Recipe(**given), start_from)


if __name__ == "__main__":
    main()
