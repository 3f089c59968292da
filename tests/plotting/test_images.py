"""Every image in its place, upright, under the right name; mistakes marked by more than color."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle
from numpy.testing import assert_allclose, assert_array_equal

from companion.plotting import plot_images

NAMES = ("cat", "dog", "automobile")
IMAGES = np.random.default_rng(0).integers(0, 256, (5, 6, 6, 3), dtype=np.uint8)
LABELS = np.array([0, 1, 2, 1, 0])


def _frames(ax):
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def test_images_stand_in_rows_upright(ax):
    assert plot_images(IMAGES, LABELS, NAMES, ax, columns=3) is ax
    for drawn, image in zip(ax.images, IMAGES, strict=True):
        assert_allclose(drawn.get_array(), image / 255)
        left, right, bottom, top = drawn.get_extent()
        assert right - left == pytest.approx(1)
        assert bottom - top == pytest.approx(1)  # the vertical axis points down: upright
    low, high = ax.get_ylim()
    assert low > high
    corners = np.array([drawn.get_extent()[::2] for drawn in ax.images])
    assert len(set(corners[:3, 1])) == 1
    assert (np.diff(corners[:3, 0]) > 1).all()
    assert_allclose(corners[3:, 0], corners[:2, 0])
    assert (corners[3:, 1] > corners[:2, 1] + 1).all()


def test_names_stand_above_their_images(ax):
    plot_images(IMAGES, LABELS, NAMES, ax)
    assert [text.get_text() for text in ax.texts] == ["cat", "dog", "automobile", "dog", "cat"]
    for text, drawn in zip(ax.texts, ax.images, strict=True):
        left, _, _, top = drawn.get_extent()
        assert_allclose(text.get_position(), (left, top - 0.05))
    assert _frames(ax) == []


def test_mistakes_have_a_cross_the_truth_and_a_frame(ax):
    predictions = np.array([0, 0, 2, 1, 2])
    plot_images(IMAGES, LABELS, NAMES, ax, predictions=predictions, source="stand-in")
    assert [text.get_text() for text in ax.texts] == [
        "✓ cat",
        "✗ cat\nis dog",
        "✓ automobile",
        "✓ dog",
        "✗ automobile\nis cat",
    ]
    wrong = [ax.images[1].get_extent(), ax.images[4].get_extent()]
    assert [frame.get_x() for frame in _frames(ax)] == [extent[0] for extent in wrong]
    assert [frame.get_y() for frame in _frames(ax)] == [extent[3] for extent in wrong]
    assert ax.get_title("right") == "stand-in data"


def test_gray_images_and_floats(ax):
    gray = IMAGES[..., :1] / 255
    plot_images(gray, LABELS, NAMES, ax)
    assert_array_equal(ax.images[0].get_array(), gray[0, ..., 0])
    assert (ax.images[0].get_clim(), ax.images[0].get_cmap().name) == ((0, 1), "gray")


@pytest.mark.parametrize("columns", [2, 5, 8])
def test_texts_of_a_new_figure_do_not_overlap(columns):
    images, labels = IMAGES[np.arange(16) % 5], np.full(16, 2)
    ax = plot_images(images, labels, NAMES, columns=columns, predictions=np.zeros(16, int))
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    pictures = [drawn.get_window_extent() for drawn in ax.images]
    for index, box in enumerate(boxes):
        others = boxes[index + 1 :] + pictures
        assert not any(box.overlaps(other) for other in others), ax.texts[index]


def test_a_new_figure_has_room_for_all_rows():
    few, many = (plot_images(IMAGES[:n], LABELS[:n], NAMES, columns=1) for n in (1, 3))
    assert many.figure.get_figheight() > 2 * few.figure.get_figheight()
    assert len(plt.get_fignums()) == 2


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"images": IMAGES[0]}, ValueError, "images of plot_images must be an array of shape"),
        ({"images": IMAGES.tolist()}, TypeError, "images of plot_images must be an array"),
        ({"images": IMAGES[..., :2]}, ValueError, "must have 1 or 3 channels.*Got 2 channels"),
        ({"images": IMAGES / 100}, ValueError, r"floats in \[0, 1\].*Try images before"),
        ({"labels": LABELS[:4]}, ValueError, r"labels of plot_images must be .* shape \(5\)"),
        ({"labels": np.eye(5)}, TypeError, "labels of plot_images .*argmax"),
        (
            {"labels": LABELS + 1},
            ValueError,
            r"labels of plot_images must be in \[0, 3\).*Got 1 to",
        ),
        ({"predictions": LABELS - 1}, ValueError, "predictions of plot_images must be in"),
        ({"class_names": "cat"}, TypeError, "class_names of plot_images must be a list or tuple"),
        ({"class_names": ["cat", 3, "x"]}, TypeError, r"class_names\[1\] of plot_images must be a"),
        ({"columns": 0}, ValueError, "columns of plot_images must be in"),
    ],
)
def test_wrong_arguments_give_one_sentence(arguments, error, sentence):
    good = {"images": IMAGES, "labels": LABELS, "class_names": NAMES}
    with pytest.raises(error, match=sentence):
        plot_images(**{**good, **arguments})
