"""Speech from Debian's `flite`, in this process, with the times of every word.

The command line of flite prints when each sound ends but not to which word it belongs; its C
library knows both. All times are seconds from the first sample.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 16_000
VOICES = ("slt", "rms", "awb")

_FIRST_SOUND = b"daughter1.R:SylStructure.daughter1.daughter1.R:Segment.p.end"
_LAST_SOUND = b"daughtern.R:SylStructure.daughtern.daughtern.R:Segment.end"


class FliteMissingError(RuntimeError):
    """flite (or the voice asked for) is not installed."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"flite cannot be used: {detail}. On Debian or Ubuntu: apt install flite")


@dataclass(frozen=True)
class SpokenWord:
    """One word as flite spoke it; `start_s` and `end_s` are seconds into the sound."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Speech:
    """16 kHz mono sound with its words; `sounds` are (phone, end in seconds)."""

    samples: npt.NDArray[np.int16]
    words: tuple[SpokenWord, ...]
    sounds: tuple[tuple[str, float], ...]


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("sample_rate", ctypes.c_int),
        ("num_samples", ctypes.c_int),
        ("num_channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class _Voice(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


@cache
def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
    except OSError as error:
        raise FliteMissingError(str(error)) from error
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_float
    for name, result, arguments in (
        ("flite_synth_text", pointer, (text, pointer)),
        ("utt_relation", pointer, (pointer, text)),
        ("utt_wave", ctypes.POINTER(_Wave), (pointer,)),
        ("relation_head", pointer, (pointer,)),
        ("item_next", pointer, (pointer,)),
        ("ffeature_float", number, (pointer, text)),
        ("ffeature_string", text, (pointer, text)),
        ("feat_set_float", None, (pointer, text, number)),
        ("delete_utterance", None, (pointer,)),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    library.flite_init()
    return library


@cache
def _voice(name: str) -> int:
    _library()
    try:
        voices = ctypes.CDLL(f"libflite_cmu_us_{name}.so.1", mode=ctypes.RTLD_GLOBAL)
    except OSError as error:
        raise FliteMissingError(str(error)) from error
    register = getattr(voices, f"register_cmu_us_{name}")
    register.restype = ctypes.c_void_p
    return int(register(None))


def _items(utterance: int, relation: bytes) -> list[int]:
    library = _library()
    item = library.relation_head(library.utt_relation(utterance, relation))
    items = []
    while item:
        items.append(item)
        item = library.item_next(item)
    return items


def speak(text: str, voice: str, stretch: float = 1.0) -> Speech:
    """Say `text`, always in the same samples; `stretch` above 1 is slower.

    Times come from flite itself, not from the sound.
    """
    library, pointer = _library(), _voice(voice)
    features = ctypes.cast(pointer, ctypes.POINTER(_Voice)).contents.features
    library.feat_set_float(features, b"duration_stretch", stretch)
    # Its breath is noise of the C library's, which goes on from whatever was said before.
    ctypes.CDLL(None).srand(1)
    utterance = library.flite_synth_text(text.encode("ascii"), pointer)
    try:
        wave = library.utt_wave(utterance).contents
        if wave.sample_rate != SAMPLE_RATE or wave.num_channels != 1:
            raise FliteMissingError(f"voice {voice} does not speak at 16 kHz mono")
        samples = np.ctypeslib.as_array(wave.samples, (wave.num_samples,)).astype(np.int16)
        words = tuple(_spoken_words(utterance, text))
        sounds = tuple(
            (library.ffeature_string(item, b"name").decode(), library.ffeature_float(item, b"end"))
            for item in _items(utterance, b"Segment")
        )
    finally:
        library.delete_utterance(utterance)
    return Speech(samples, words, sounds)


def _spoken_words(utterance: int, text: str) -> list[SpokenWord]:
    library, tokens, written = _library(), _items(utterance, b"Token"), text.split()
    if len(tokens) != len(written):
        raise ValueError(f"flite reads another number of words than written: {text!r}")
    return [
        SpokenWord(
            word,
            library.ffeature_float(token, _FIRST_SOUND),
            library.ffeature_float(token, _LAST_SOUND),
        )
        for word, token in zip(written, tokens, strict=True)
    ]
