"""The decoded copy of IMDb is mapped, and believed only where it can be right."""

from dataclasses import replace

import numpy as np
import pytest

from companion.datasets._cache import DecodedCache, cache_dir
from tests.datasets.toy_imdb import load

pytestmark = pytest.mark.usefixtures("small_imdb")


def test_second_load_maps_the_copy(put_reviews, monkeypatch):
    archive = put_reviews("variable")
    first = load()
    monkeypatch.setattr("companion.datasets._search.read_source", None)
    assert archive.exists()
    assert load().train.texts.tolist() == first.train.texts.tolist()


def test_decoded_copy_is_enough_and_is_plain(reviews, put_reviews):
    archive = put_reviews("argument")
    load(data_dir=archive.parent)
    archive.unlink()
    assert load().source == "imdb"
    path = DecodedCache(cache_dir(), reviews.spec).array_path
    assert np.load(path, allow_pickle=False).dtype == np.uint8


def rewrite(cache, change):
    """Change the bytes after the header and let the manifest vouch for them."""
    content = bytearray(cache.array_path.read_bytes())
    manifest = cache._manifest()
    change(content)
    cache.array_path.write_bytes(content)
    cache._write_manifest(manifest)


def set_end(row, value):
    def change(content):
        content[128 + 8 * row : 136 + 8 * row] = int(value).to_bytes(8, "little", signed=True)

    return change


TAMPERED = {
    "an end before the start": set_end(0, -1),
    "ends that fall": set_end(3, 1 << 40),
    "texts beyond the last end": set_end(31, 10),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_impossible_ends_are_not_believed(reviews, put_reviews, case):
    put_reviews("variable")
    texts = load().train.texts.tolist()
    cache = DecodedCache(cache_dir(), reviews.spec)
    rewrite(cache, TAMPERED[case])
    assert cache.read() is None
    assert load().train.texts.tolist() == texts


def test_short_copy_is_not_believed(reviews, put_reviews):
    put_reviews("variable")
    load()
    bigger = DecodedCache(cache_dir(), replace(reviews.spec, reviews_per_class=10_000))
    assert bigger.array_path == DecodedCache(cache_dir(), reviews.spec).array_path
    assert bigger.read() is None
