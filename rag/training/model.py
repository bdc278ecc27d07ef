"""The span reader as torch trains it, and its loss: a choice among all spans of a group of passages and "none answers".

"No answer" is the span of the first token, so each passage's score is the best span's minus that one's (Clark
and Gardner, ACL 2018, the no-answer option). What nearly answers trains the judgement alone: it would teach the spans
to mistrust every passage on the matter, which costs the choice among passages. Teachers, readers trained before, may
set a part of the target (Hinton et al. 2015, arXiv 1503.02531).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from rag.encoding import bundled_folder
from rag.errors import ModelError
from rag.spans import JUDGED, SCORES
from rag.training.restore import state_dict
from rag.training.rows import Group, targets, tensors

_LAYER = re.compile(r"encoder\.encoder\.layer\.(\d+)\.")
_FORBIDDEN = -1e4
"""The score of a token that no answer may begin or end at."""


class SpanModel(nn.Module):  # type: ignore[misc]
    """Token ids to logits of start, end and, at the first token, "it answers"; shape (batch, tokens, 3)."""

    def __init__(self, folder: Path, layers: int = 0, attention: str = "eager") -> None:
        """The encoder in `folder`; of more or fewer `layers` than its own, each repeated as often, or some left out.

        `attention` as transformers names it: on a processor "eager" is a fifth faster to train than the fused "sdpa",
        and what is exported must have it.
        """
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation=attention,
        )
        if layers:
            own = self.encoder.encoder.layer
            repeated = (copy.deepcopy(own[i * len(own) // layers]) for i in range(layers))
            self.encoder.encoder.layer = nn.ModuleList(repeated)
        self.head = nn.Linear(self.encoder.config.hidden_size, SCORES)

    @classmethod
    def trained(cls, folder: Path, attention: str = "eager") -> SpanModel:
        """A reader as it was trained, with as many layers. Raises ModelError where a folder holds none."""
        state = state_dict(folder)
        model = cls(bundled_folder(), _layers(state), attention)
        model.take(state, folder)
        return model

    def forward(self, ids: Tensor, attention: Tensor, segments: Tensor) -> Tensor:
        """Last axis: start (0), end (1), where the first token stands for "no answer"; whether it answers (2)."""
        hidden = self.encoder(input_ids=ids, attention_mask=attention, token_type_ids=segments).last_hidden_state
        logits: Tensor = self.head(hidden)
        return logits

    def restore(self, folder: Path) -> dict[str, Tensor]:
        """Take the weights in a folder, and return them. Raises ModelError where they are of another form."""
        state = state_dict(folder)
        self.take(state, folder)
        return state

    def take(self, state: Mapping[str, Tensor], source: Path) -> None:
        """Take weights that came from `source`. Raises ModelError where they are of another form."""
        own, found = len(self.encoder.encoder.layer), _layers(state)
        if own != found:
            raise ModelError(f"{source} holds a reader of {found} layers, not {own}: give --layers {found}")
        try:
            self.load_state_dict(state)
        except RuntimeError as error:
            raise ModelError(f"{source} holds a reader of another form: train it anew, from the start") from error

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.head.weight.device


def fastest() -> tuple[torch.device, str]:
    """Where models compute, and the attention that is fastest there: a GPU where torch finds one."""
    return (torch.device("cuda"), "sdpa") if torch.cuda.is_available() else (torch.device("cpu"), "eager")


def _layers(state: Mapping[str, Tensor]) -> int:
    return len({found[1] for found in map(_LAYER.match, state) if found})


def loss_of(
    model: SpanModel,
    groups: Sequence[Group],
    judging: float,
    teachers: Sequence[SpanModel] = (),
    taught: float = 0.0,
) -> Tensor:
    """Mean cross entropy of start and end, over all tokens of a group, against the annotators' distributions, without
    groups that nearly answer; and `judging` times that of whether each passage answers.

    `taught` is the teachers' share of both targets, their mean; groups that nearly answer have that share alone.
    """
    batch = [tensor.to(model.device) for tensor in tensors(groups)]
    size = batch[0].shape[1]
    scores, judged = _scores(model, batch, len(groups))
    wanted = targets(groups, size).to(model.device)
    answers = torch.tensor([float(row.answers) for group in groups for row in group], device=model.device)
    near = torch.tensor([row.near_miss for row, *_ in groups], device=model.device)
    counted = (~near).float()
    if teachers:
        with torch.no_grad():
            told = [_scores(teacher, batch, len(groups)) for teacher in teachers]
        spans = torch.stack([each.softmax(dim=2) for each, _ in told]).mean(dim=0)
        sure = torch.stack([each.sigmoid() for _, each in told]).mean(dim=0)
        share = torch.where(near, 1.0, taught)[:, None, None]
        wanted, counted = (1 - share) * wanted + share * spans, torch.where(near, taught, 1.0)
        answers = (1 - taught) * answers + taught * sure
    losses = nn.functional.cross_entropy(scores.flatten(0, 1), wanted.flatten(0, 1), reduction="none")
    counted = counted.repeat_interleave(2)
    judgement = nn.functional.binary_cross_entropy_with_logits(judged, answers)
    return (losses * counted).sum() / counted.sum().clamp(min=1) + judging * judgement


def _scores(model: SpanModel, batch: Sequence[Tensor], groups: int) -> tuple[Tensor, Tensor]:
    """Of start and end over all tokens of each group, (groups, 2, tokens of its rows); of "it answers", (rows,)."""
    ids, attention, segments, allowed = batch
    both = model(ids, attention, segments).float()
    logits, judged = both[..., :2], both[:, 0, JUDGED]
    over_none = (logits - logits[:, :1]).masked_fill(~allowed[..., None], _FORBIDDEN)
    return over_none.reshape(groups, -1, 2).transpose(1, 2), judged
