"""How well the model hears sentences that it is not trained on, during the training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from nemo.collections.asr.models import EncDecRNNTBPEModel
from nemo.collections.common.parts.optional_cuda_graphs import WithOptionalCudaGraphs
from torch import Tensor

from demo.sentences import Writer
from demo.speech import ShardJob, make_shard
from demo.training.batches import Batch, Item, Sentence, Speech, collate
from demo.training.error_rate import error_rate, plain_words
from demo.training.tokens import load_tokenizer

SEED = 777
SENTENCES, IN_LONG = 64, 8


class ProgressCheck:
    """64 sentences one by one, and the same in eight long recordings."""

    def __init__(self, work: Path) -> None:
        folder = work / "check"
        folder.mkdir(exist_ok=True)
        if not (folder / "shard-check.json").exists():
            writer = Writer(SEED)
            texts = tuple(writer.write() for _ in range(SENTENCES))
            make_shard(ShardJob(folder / "shard-check", texts, SEED))
        tokenizer = load_tokenizer(work / "tokenizer")
        speech = Speech(folder, tokenizer)
        speech.look_again()
        sentences = [speech.sentence(number) for number in range(len(speech))]
        texts_of = [tokenizer.decode(list(sentence.ids)) for sentence in sentences]
        self._sets = {"single": _set(sentences, texts_of, 1)}
        self._sets["long"] = _set(sentences, texts_of, IN_LONG)

    def report(self, model: EncDecRNNTBPEModel, average: dict[str, Tensor]) -> str:
        """Word error rates with the averaged weights, and an example."""
        own = {key: value.detach().clone() for key, value in model.state_dict().items()}
        model.load_state_dict(average)
        model.eval()
        # The weights change under a recorded graph, and one check is too short to record for.
        WithOptionalCudaGraphs.disable_cuda_graphs_recursive(
            model, attribute_path="decoding.decoding"
        )
        line = "check:"
        for name, (batch, said) in self._sets.items():
            heard = _transcribe(model, batch)
            pairs = zip(map(plain_words, said), map(plain_words, heard), strict=True)
            line += f"  {name} {100 * error_rate(pairs):.1f} %"
        model.load_state_dict(own)
        model.train()
        model.preprocessor.eval()
        return f"{line}\n  said:  {said[-1]}\n  heard: {heard[-1]}"


def _set(sentences: list[Sentence], texts: list[str], size: int) -> tuple[Batch, list[str]]:
    starts = range(0, len(sentences), size)
    items = [Item(tuple(sentences[at : at + size]), (0.4,) * size, 0.3) for at in starts]
    return collate(items), [" ".join(texts[at : at + size]) for at in starts]


@torch.inference_mode()  # type: ignore[untyped-decorator]  # torch is untyped here
def _transcribe(model: EncDecRNNTBPEModel, batch: Batch) -> list[str]:
    device = next(model.parameters()).device
    features, lengths = model.preprocessor(
        input_signal=batch.audio.to(device).float() / 32768, length=batch.audio_count.to(device)
    )
    encoded, frames = model.encoder(audio_signal=features, length=lengths)
    hypotheses: list[Any] = model.decoding.rnnt_decoder_predictions_tensor(
        encoder_output=encoded, encoded_lengths=frames, return_hypotheses=True
    )
    return [hypothesis.text for hypothesis in hypotheses]
