"""The stand-in for IMDb: reviews of invented words, so that every lesson runs without the data.

How often a word is used follows Zipf's law. Every fifth word tells the class: it is more frequent
in the one and less frequent in the other, and the rarer the word, the more it tells. Some reviews
are of mixed feelings: part of their words are chosen as for the other class, so not even the best
classifier is always right. Random numbers and arithmetic are whole, as for the images, so every
machine writes the same bytes; a test compares the fingerprints below.
"""

import numpy as np

from companion.datasets._dice import Dice
from companion.datasets._spec import ReviewSpec
from companion.datasets._texts import DecodedTexts, Record, decode_texts

TEXT_STAND_IN = ReviewSpec(
    name="stand-in",
    class_names=("negative", "positive"),
    reviews_per_class=12_500,
    train_fingerprint="ca5bd1bce62bd48b9c47b84267ca9c35497ab20f46c2e1d69112e0b7bb5beb7e",
    test_fingerprint="cf263aef59567344c01bf5f3010a6799333ca749005a3a56eafc02d1e470bec0",
)
_SEED = 33
_WORDS = 20_000
_SCALE = 1 << 27  # all frequencies add up to less than 2**31, the range of the dice
_SHORTEST, _LONGEST = 40, 160  # words in a review
_LEAST_FITTING = 600  # of a thousand words in a review, chosen as for its class
_EVERY = 5  # one of so many words tells the class
_WEAKEST, _STRONGEST = 250, 900  # how much more or less frequent such a word is, in thousandths
_PER_MILLE = 1000
_CHUNK = 500  # reviews written at once
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvwz" for vowel in "aeiou"]


def write_stand_in() -> DecodedTexts:
    """Write all reviews of the stand-in, the same bytes every time."""
    per_class = TEXT_STAND_IN.reviews_per_class
    return decode_texts(_records(per_class, part=0), _records(per_class, part=1))


def _records(per_class: int, part: int) -> list[Record]:
    words = np.array([_word(rank) for rank in range(_WORDS)], dtype=object)
    records: list[Record] = []
    for label in range(len(TEXT_STAND_IN.class_names)):
        dice = Dice(_SEED, part, label)
        for start in range(0, per_class, _CHUNK):
            texts = _write(words, label, min(_CHUNK, per_class - start), dice)
            records += [(label, text.encode()) for text in texts]
    return records


def _word(rank: int) -> str:
    """Return a word of its own for each rank, a longer one for the rarer words."""
    number, word = rank, ""
    while number >= 0:
        number, syllable = divmod(number, len(_SYLLABLES))
        number, word = number - 1, _SYLLABLES[syllable] + word
    return word


def _write(words: np.ndarray, label: int, count: int, dice: Dice) -> list[str]:
    """Return reviews of random length, each from the words of its class and of the other."""
    lengths = dice.roll(_SHORTEST, _LONGEST + 1, count)
    fitting = dice.roll(_LEAST_FITTING, _PER_MILLE + 1, count)
    fits = dice.roll(0, _PER_MILLE, int(lengths.sum())) < np.repeat(fitting, lengths)
    ranks = np.where(fits, _drawn(label, len(fits), dice), _drawn(1 - label, len(fits), dice))
    ends = np.cumsum(lengths)[:-1]
    return [" ".join(chosen).capitalize() + "." for chosen in np.split(words[ranks], ends)]


def _drawn(label: int, count: int, dice: Dice) -> np.ndarray:
    """Return ranks of words as the class `label` uses them."""
    bounds = np.cumsum(_frequencies(label))
    return np.searchsorted(bounds, dice.roll(0, int(bounds[-1]), count), side="right")


def _frequencies(label: int) -> np.ndarray:
    """Return how often each word is used, as whole numbers in proportion to 1 / (rank + 2)."""
    rank = np.arange(_WORDS, dtype=np.int64)
    tells = (rank % _EVERY == _EVERY - 1).astype(np.int64)
    sign = np.where(rank // _EVERY % 2 == label, 1, -1)
    strength = np.minimum(_STRONGEST, _WEAKEST + rank)
    return _SCALE // (rank + 2) * (_PER_MILLE + sign * tells * strength) // _PER_MILLE
