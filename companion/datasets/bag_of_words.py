"""Texts as counts of words: one sparse row a text, one column a word of the training texts."""

from hashlib import sha256
from importlib.metadata import version
from itertools import chain
from unicodedata import unidata_version

import numpy as np

from companion._validate import check_instance, check_integer, refuse
from companion.datasets._cache import DecodedCache, cache_dir
from companion.datasets._packed_bag import BagOfWords, BagSpec, PackedBag
from companion.datasets.text_dataset import TextDataset

_OWNER = "bag_of_words"
_METHOD = 1  # a change of what is counted gets another number, so that no older copy is used
_LINE_BREAK = "<br />"  # the only markup of the reviews


def bag_of_words(data: TextDataset, *, vocabulary_size: int = 10_000) -> BagOfWords:
    """Count how often each frequent word occurs in each text.

    Use it for linear models of texts, and wherever most features should be zero in most examples.
    The vocabulary is that of the *training* texts only: words that were chosen by looking at
    validation or test texts leak. Words are runs of at least two letters or digits, in lower case;
    `<br />` is no word. The counts are kept in the cache, so the second call with the same texts
    counts nothing.

    Args:
        data: The texts, from `load_imdb`. Each split may be empty but the training split.
        vocabulary_size: Number of columns, at least 1: so many of the most frequent words in the
            training texts, or all where there are fewer.

    Returns:
        Counts as `scipy.sparse.csr_array` of float32, `(n, words)`, in `.train`, `.validation` and
        `.test`, read-only, and `.words`, the word of each column: the most frequent one comes
        first, words of the same frequency in alphabetical order.

    Raises:
        TypeError: `data` is not a `TextDataset`, or `vocabulary_size` is not a whole number.
        ValueError: `vocabulary_size` is out of range, or the training texts hold no word.

    Example:
        >>> from companion.datasets import TextSplit
        >>> texts = np.array(["Good, good fun", "No fun"], dtype=object)
        >>> split = TextSplit(texts, np.array([1, 0]))
        >>> data = TextDataset("toy", "toy", "1a2b3c4d5e", ("-", "+"), split, split, split)
        >>> bag = bag_of_words(data, vocabulary_size=2)
        >>> bag.words, bag.train.toarray().tolist()
        (('fun', 'good'), [[1.0, 2.0], [1.0, 0.0]])

    Source: Kingma & Ba, Adam, ICLR 2015 (figure 1: the 10,000 most frequent words of IMDb).

    Book: optimizers/adagrad
    """
    check_instance(data, "data", _OWNER, TextDataset, "a TextDataset", "load_imdb()")
    vocabulary_size = check_integer(vocabulary_size, "vocabulary_size", _OWNER, "[1, inf)", 10_000)
    splits = (data.train, data.validation, data.test)
    texts = [[str(text) for text in split.texts] for split in splits]
    cache = DecodedCache(cache_dir(), BagSpec(_key(texts, vocabulary_size)))
    kept: PackedBag = cache.read_or_make(
        lambda: PackedBag(_counted(data, texts, vocabulary_size), cache.spec.fingerprint)
    )
    return kept.bag


def _key(texts: list[list[str]], vocabulary_size: int) -> str:
    """Return the SHA-256 (hex) of all that the counts depend on."""
    hashed = sha256(f"{_METHOD} {version('scikit-learn')} {unidata_version}".encode())
    hashed.update(f" {vocabulary_size} {[len(split) for split in texts]}".encode())
    for text in chain.from_iterable(texts):
        content = text.encode("utf-8", "surrogatepass")
        hashed.update(len(content).to_bytes(8, "little") + content)
    return hashed.hexdigest()


def _counted(data: TextDataset, texts: list[list[str]], vocabulary_size: int) -> BagOfWords:
    from scipy.sparse import csr_array
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(preprocessor=_plain, dtype=np.float32)
    if not any(map(counter.build_analyzer(), texts[0])):
        refuse(ValueError, data, "data", _OWNER, "texts with a word for training", "load_imdb()")
    counts = counter.fit_transform(texts[0])
    totals = np.bincount(counts.indices, weights=counts.data)
    chosen = np.argsort(-totals, kind="stable")[:vocabulary_size]  # the columns are alphabetical
    words = tuple(counter.get_feature_names_out()[chosen].tolist())
    same = CountVectorizer(preprocessor=_plain, dtype=np.float32, vocabulary=words)
    train, validation, test = (csr_array(same.transform(split)) for split in texts)
    return BagOfWords(train, validation, test, words)


def _plain(text: str) -> str:
    return text.replace(_LINE_BREAK, " ").lower()
