"""What holds for all right arguments beyond their being accepted."""

import html
import io
import re
from contextlib import redirect_stdout

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from companion import claims
from companion.datasets import channel_statistics, normalize, to_float
from companion.from_scratch import cross_entropy, expected_best, l2_penalty, softmax
from companion.intervals import accuracy_interval, mean_interval, paired_interval
from tests.arguments.harness import drawn

VALUES = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=8)
CONFIDENCES = st.lists(st.floats(0.01, 0.999), min_size=2, max_size=2).map(sorted)
BYTES = arrays(np.uint8, st.tuples(*(st.integers(1, 4),) * 4))


def close(one, other, scale=1.0):
    return np.allclose(one, other, rtol=1e-9, atol=1e-9 * max(scale, 1e-6))


def edges_of(interval):
    return np.array([interval.mean, interval.low, interval.high])


def test_more_confidence_never_narrows_an_interval():
    def check(data):
        values, (less, more) = data.draw(VALUES), data.draw(CONFIDENCES)
        num_images = data.draw(st.integers(1, 10**6))
        correct = data.draw(st.integers(0, num_images))
        for narrow, wide in (
            (mean_interval(values, less), mean_interval(values, more)),
            (
                accuracy_interval(correct, num_images, less),
                accuracy_interval(correct, num_images, more),
            ),
        ):
            assert wide.low <= narrow.low <= narrow.mean <= narrow.high <= wide.high

    drawn(check)


def test_an_interval_moves_and_grows_with_its_values():
    def check(data):
        values = np.array(data.draw(VALUES))
        shift, factor = data.draw(st.floats(-1e3, 1e3)), data.draw(st.floats(0.1, 10))
        plain, changed = mean_interval(values), mean_interval(factor * values + shift)
        assert close(edges_of(changed), factor * edges_of(plain) + shift, 1e6)
        mirrored = mean_interval(-values)
        assert close([mirrored.low, mirrored.high], [-plain.high, -plain.low], 1e5)

    drawn(check)


def test_exchanging_the_arms_turns_a_paired_interval_around():
    def check(data):
        first = data.draw(VALUES)
        second = data.draw(st.permutations(first))
        one, other = paired_interval(first, second), paired_interval(second, first)
        assert close([one.mean, one.low, one.high], [-other.mean, -other.high, -other.low], 1e5)

    drawn(check)


def test_exchanging_right_and_wrong_turns_an_accuracy_around():
    def check(data):
        n = data.draw(st.integers(1, 10**6))
        correct = data.draw(st.integers(0, n))
        one, other = accuracy_interval(correct, n), accuracy_interval(n - correct, n)
        assert close([one.low, one.high], [1 - other.high, 1 - other.low])

    drawn(check)


def test_the_loss_of_sure_and_of_ignorant_networks():
    def check(data):
        scores = data.draw(arrays(np.float64, (3, 4), elements=st.floats(-5, 5)))
        labels = data.draw(arrays(np.int64, 3, elements=st.integers(0, 3)))
        loss = cross_entropy(softmax(scores), labels)
        right = scores.copy()
        right[np.arange(3), labels] += 1
        assert 0 <= cross_entropy(softmax(right), labels) < loss

    drawn(check)


def test_a_penalty_is_linear_in_its_strength_and_adds_up():
    def check(data):
        first, second = (data.draw(arrays(np.float64, 5, elements=st.floats(-9, 9))) for _ in "ab")
        strength = data.draw(st.floats(0, 100))
        whole = l2_penalty([first, second], strength)
        assert close(whole, l2_penalty(first, strength) + l2_penalty(second, strength), 1e5)
        assert close(whole, strength * l2_penalty([first, second], 1.0), 1e5)

    drawn(check)


def test_the_best_of_better_models_looks_better():
    def check(data):
        low, high = sorted(data.draw(st.lists(st.floats(0.01, 0.99), min_size=2, max_size=2)))
        k, m = data.draw(st.integers(1, 30)), data.draw(st.integers(1, 200))
        assert expected_best(k, m, low) <= expected_best(k, m, high) + 1e-9

    drawn(check)


def test_normalizing_can_be_undone():
    def check(data):
        images = data.draw(BYTES)
        mean, std = channel_statistics(images)
        back = normalize(images, mean, std) * np.where(std == 0, 1, std) + mean
        np.testing.assert_allclose(back, to_float(images), atol=2e-6)

    drawn(check)


def test_statistics_do_not_depend_on_the_order_of_images_or_on_their_scale():
    def check(data):
        images = data.draw(BYTES)
        order = data.draw(st.permutations(range(len(images))))
        for same in (images[order], to_float(images)):
            np.testing.assert_allclose(
                channel_statistics(same), channel_statistics(images), atol=1e-6
            )

    drawn(check)


def test_no_sentence_breaks_the_page():
    """What a browser reads from the HTML is the sentence itself, in the one element for it."""

    def check(data):
        odd = st.text("<>&\"'/ az✓-", min_size=1) | st.text(min_size=1)
        texts = odd.filter(lambda text: text.strip())
        sentence, evidence = data.draw(texts) + ".", data.draw(texts)
        page = claims._html(
            {"id": "a/b", "sentence": sentence, "evidence": evidence, "numbers": {"<b>": 0.5}}
        )
        parts = re.fullmatch(
            r'<div class="claim" id="claim-a-b" data-claim="a/b"><span class="claim-mark">✓</span> '
            r'<span class="claim-sentence">([^<>]*)</span> '
            r'<span class="claim-evidence">([^<>]*)</span></div>',
            page,
        )
        assert html.unescape(parts[1]) == sentence
        assert html.unescape(parts[2]) == f"<b> 0.5; {evidence}"

    drawn(check)


def test_a_claim_is_printed_or_raised_never_both():
    def check(data):
        sentence, holds = data.draw(st.text(max_size=20)) + "x.", data.draw(st.booleans())
        output = io.StringIO()
        with redirect_stdout(output):
            if holds:
                claims.claim("a/b", sentence, holds, "exact")
            else:
                with pytest.raises(claims.ClaimError) as caught:
                    claims.claim("a/b", sentence, holds, "exact")
        shown = output.getvalue() if holds else str(caught.value)
        assert f"{sentence} (exact)" in shown
        assert bool(output.getvalue()) is holds

    drawn(check)
