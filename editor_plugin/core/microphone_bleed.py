"""Removal of microphone bleed: speech that several microphones recorded is written once.

In a room with several microphones each voice is on more than one track: on its own clip-on
microphone, fainter on the others', and on the camera's sound. These tracks carry the same words at
nearly the same time. They can be some tenths of a second apart where they were aligned by hand,
and the fainter ones are recognised only partly, or wrongly here and there.

The decision is made for each utterance: where most of its letters are on another track within
MOMENT, it is the same speech, and the poorer of the two copies is removed. Speech that is on one
track only is kept, whoever talks at the same time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.alignment import Pair, best_pairs, spoken
from editor_plugin.core.projection import ProjectedWord

PAUSE = Fraction(6, 10)
"""Seconds of silence that end an utterance. Pauses within a sentence are shorter as a rule (phrase
breaks of 0.2 to 0.5 s), and a decision about more than one sentence would be too coarse."""

MOMENT = Fraction(1, 2)
"""Seconds between the middles of a word and of its copy under which they may be the same. A few
tenths from alignment by hand, and two frames of 80 ms of a recogniser's own jitter, are less. A
word that somebody else says in answer to the same word comes later: after the length of a word, a
quarter of a second and more, and the 0.2 s that people leave between turns."""

MOST = Fraction(3, 5)
"""The fraction of an utterance's letters that has to be on the other track. More than half, as
“most” says, and less than remains of speech in which every third word was misrecognised. Of
independent voices fewer than one word in ten has an equal one within MOMENT."""

ALIKE = Fraction(3, 4)
"""The fraction of the letters of two readings, in order, that has to be the same for one to be the
other misrecognised: “show” and “shown”, “to” and “two”; not “yes” and “yet”."""

FEW = 3
"""The most words in a run that can be a misrecognised reading of another. In longer runs many
letters agree by chance: about half of any two English sentences."""

TICKS = 1_000_000
"""Microseconds in which times are compared: integers are many times faster than Fractions."""

_MOMENT = int(MOMENT * TICKS)
_PAUSE = int(PAUSE * TICKS)


@dataclass
class _Voice:
    """The words of one track by start, as they are compared; `kept` is False for removed words.

    `places` are the words' positions among all words.
    """

    number: int
    places: list[int]
    words: list[ProjectedWord]
    starts: list[int]
    ends: list[int]
    middles: list[int]
    texts: list[str]
    kept: list[bool]

    @classmethod
    def of(cls, number: int, places: list[int], words: list[ProjectedWord]) -> _Voice:
        starts = _ticks([each.word.start for each in words])
        ends = _ticks([each.word.end for each in words])
        middles = [(start + end) // 2 for start, end in zip(starts, ends)]
        texts = [spoken(each.word.text) for each in words]
        return cls(number, places, words, starts, ends, middles, texts, [True] * len(words))

    def utterances(self) -> list[_Utterance]:
        found, first, until = [], 0, 0
        for at, start in enumerate(self.starts):
            if at and start - until >= _PAUSE:
                found.append(_Utterance(self, first, at))
                first = at
            until = max(until, self.ends[at]) if at else self.ends[at]
        return [*found, _Utterance(self, first, len(self.words))]

    def letters(self, words: Iterable[int]) -> int:
        return sum(len(self.texts[at]) for at in words)

    def confidence(self, words: Iterable[int]) -> float:
        """Return the mean confidence, or one lower than any where no word has a confidence."""
        known = [self.words[at].word.confidence for at in words]
        given = [each for each in known if each is not None]
        return sum(given) / len(given) if given else -1.0


@dataclass(frozen=True)
class _Utterance:
    """The words [first, stop) of a voice."""

    voice: _Voice
    first: int
    stop: int

    @property
    def words(self) -> range:
        return range(self.first, self.stop)

    @property
    def rank(self) -> tuple[int, float, int, int]:
        """Sort key, the poorest first: fewest letters, least confidence, highest track."""
        voice = self.voice
        letters, confidence = voice.letters(self.words), voice.confidence(self.words)
        return letters, confidence, -voice.number, -self.first


@dataclass(frozen=True)
class _Bleed:
    """The part of an utterance that is on another track, too.

    `gone` are its words that need not be kept; `fuller`: it is the better of the two copies.
    """

    gone: tuple[int, ...]
    fuller: bool


def without_bleed(words: Sequence[ProjectedWord]) -> tuple[ProjectedWord, ...]:
    """Return the words without those that another track has better; nothing else changes.

    `words` are in record order, as `core.projection.project` returns them. The poorer copy is
    removed: fewer letters; where they are equal, less confidence; else the higher track. Takes time
    in proportion to the number of words, its logarithm, and the number of tracks.
    """
    voices = _voices(words)
    if len(voices) < 2:
        return tuple(words)
    utterances = [
        each
        for voice in voices
        for each in voice.utterances()
        if any(_about(each, other) for other in voices if other is not voice)
    ]
    better = [each for each in sorted(utterances, key=lambda u: u.rank) if _goes(each, voices)]
    # Pauses may cut two tracks at different places: an utterance that was better than a part of a
    # longer one, which was kept because it is better on the whole, is removed now.
    for each in better:
        _goes(each, voices, even_fuller=True)
    kept = [
        voice.places[at] for voice in voices for at in range(len(voice.words)) if voice.kept[at]
    ]
    return tuple(words[place] for place in sorted(kept))


def _voices(words: Sequence[ProjectedWord]) -> list[_Voice]:
    places: dict[int, list[int]] = {}
    for place, each in enumerate(words):
        places.setdefault(each.track, []).append(place)
    if len(places) < 2:
        return [_Voice(track, [], [], [], [], [], [], []) for track in places]
    return [_Voice.of(track, at, [words[n] for n in at]) for track, at in sorted(places.items())]


def _goes(utterance: _Utterance, voices: Sequence[_Voice], even_fuller: bool = False) -> bool:
    """Remove an utterance that is on another track; return whether it is kept as the fuller one."""
    fuller = False
    for other in voices:
        bleed = None if other is utterance.voice else _bleed(utterance, other)
        if bleed is None:
            continue
        if bleed.fuller and not even_fuller:
            fuller = True
            continue
        for at in bleed.gone:
            utterance.voice.kept[at] = False
        return False
    return fuller


def _about(utterance: _Utterance, other: _Voice) -> range:
    """Return the words of another voice that begin during an utterance or within MOMENT of it."""
    voice = utterance.voice
    first, last = voice.starts[utterance.first], max(voice.ends[at] for at in utterance.words)
    return range(
        bisect_left(other.starts, first - _MOMENT), bisect_right(other.starts, last + _MOMENT)
    )


def _bleed(utterance: _Utterance, other: _Voice) -> _Bleed | None:
    voice = utterance.voice
    theirs = [at for at in _about(utterance, other) if other.kept[at]]
    if not theirs:
        return None
    pairs = _same(utterance, other, theirs)
    said = [own for own, _ in pairs]
    gone, facing = list(said), [their for _, their in pairs]
    for mine, opposite in _between(utterance, other, theirs, pairs):
        facing += opposite
        if _alike([voice.texts[at] for at in mine], [other.texts[at] for at in opposite]):
            said += mine
            gone += mine
        elif pairs and len(mine) == 1 and opposite:  # one word misheard beyond all likeness
            gone += mine
    if not said or voice.letters(said) < MOST * voice.letters(utterance.words):
        return None
    span = theirs[bisect_left(theirs, min(facing)) : bisect_right(theirs, max(facing))]
    own = voice.letters(utterance.words), voice.confidence(utterance.words), -voice.number
    return _Bleed(tuple(gone), own > (other.letters(span), other.confidence(span), -other.number))


def _same(utterance: _Utterance, other: _Voice, theirs: Sequence[int]) -> list[Pair]:
    """Pair the words that both have within MOMENT: as many as possible, then the nearest."""
    voice = utterance.voice
    having: dict[str, list[int]] = {}
    for at in theirs:
        having.setdefault(other.texts[at], []).append(at)
    weights = {}
    for own in utterance.words:
        near = having.get(voice.texts[own], ())
        for at in _near(near, other, voice.middles[own]):
            apart = other.middles[at] - voice.middles[own]
            # One more pair outweighs any nearness, so that copies with an offset pair up fully.
            weights[own, at] = len(utterance.words) * _MOMENT**2 + _MOMENT**2 - apart**2
    return best_pairs(weights)


def _near(words: Sequence[int], voice: _Voice, middle: int) -> list[int]:
    """Return those of some ascending words whose middle is less than MOMENT from `middle`."""
    if len(words) > FEW:
        # Only a word of several seconds could start this far away and still be near.
        first = bisect_left(words, bisect_left(voice.starts, middle - 4 * _MOMENT))
        words = words[first : bisect_left(words, bisect_right(voice.starts, middle + _MOMENT))]
    return [at for at in words if abs(voice.middles[at] - middle) < _MOMENT]


def _between(
    utterance: _Utterance, other: _Voice, theirs: Sequence[int], pairs: Sequence[Pair]
) -> list[tuple[list[int], list[int]]]:
    """Return the runs of an utterance's unpaired words, each with the other voice's words there.

    Words of the other voice count that are in the same place among the pairs, and within MOMENT.
    """
    voice, found = utterance.voice, []
    edges = [(utterance.first - 1, theirs[0] - 1), *pairs, (utterance.stop, theirs[-1] + 1)]
    for (before, begin), (after, end) in zip(edges, edges[1:]):
        mine = list(range(before + 1, after))
        if not mine:
            continue
        first, last = voice.middles[mine[0]] - _MOMENT, voice.middles[mine[-1]] + _MOMENT
        between = theirs[bisect_right(theirs, begin) : bisect_left(theirs, end)]
        found.append((mine, [at for at in between if first < other.middles[at] < last]))
    return found


def _alike(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two runs of words can be readings of the same speech."""
    if not (0 < len(mine) <= FEW and 0 < len(theirs) <= FEW):
        return False
    one, two = "".join(mine), "".join(theirs)
    if 2 * min(len(one), len(two)) < ALIKE * (len(one) + len(two)):
        return False
    row = [0] * (len(two) + 1)
    for letter in one:
        diagonal = 0
        for at, theirs_letter in enumerate(two, 1):
            longest = diagonal + 1 if letter == theirs_letter else max(row[at], row[at - 1])
            diagonal, row[at] = row[at], longest
    return 2 * row[-1] >= ALIKE * (len(one) + len(two))


def _ticks(times: Iterable[Fraction]) -> list[int]:
    ratios = [seconds.as_integer_ratio() for seconds in times]
    return [over * TICKS // under for over, under in ratios]
