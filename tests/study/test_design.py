"""Points of the unit cube: even, independent between batches, tied to nothing, better than plain ones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from midcourse.study.design import BATCH, BLOCK, Sampler, batch, points

COLUMNS = 270


@pytest.mark.parametrize("sampler", ["sobol", "latin", "plain"])
def test_a_batch_comes_of_its_seed_and_number_alone(sampler: Sampler) -> None:
    first, again = (batch(sampler, 40, 5, 3) for _ in range(2))
    assert np.array_equal(first, again)
    assert first.shape == (BATCH, 40)
    assert ((first > 0.0) & (first < 1.0)).all()
    for other in (batch(sampler, 40, 5, 4), batch(sampler, 40, 6, 3)):
        assert not np.any(first == other)


def test_sobol_points_fill_the_faces_of_a_block() -> None:
    """With two axes of Sobol points any box of volume 1/32, of any shape, holds one point [a (0,
    2)-sequence]; of eight axes only some pairs are as even, all cells of single axes are.
    """
    random = np.random.default_rng(0)
    best = 0
    for _ in range(20):
        drawn = points("sobol", BLOCK, BATCH, random)
        for a, b in itertools.combinations(range(BLOCK), 2):
            boxes = [
                np.bincount(
                    (
                        np.floor(drawn[:, a] * 2**k) * 2 ** (5 - k) + np.floor(drawn[:, b] * 2 ** (5 - k))
                    ).astype(int),
                    minlength=BATCH,
                )
                for k in range(6)
            ]
            assert (boxes[0] == 1).all()
            assert (boxes[5] == 1).all()
            best += all((box == 1).all() for box in boxes)
    # The first two axes of the sequence are a pair in every batch; others come to it by their numbers.
    assert best >= 20


@pytest.mark.parametrize("sampler", ["sobol", "latin"])
@pytest.mark.parametrize("batches", [8, 32])
def test_no_two_parameters_are_tied(sampler: Sampler, batches: int) -> None:
    """Over a run's batches columns are as little correlated as plain ones would be: the worst of 36,000
    pairs, neighbours in a block among them.
    """
    worst, plain = 0.0, 0.0
    for seed in range(3):
        cube = np.concatenate([batch(sampler, COLUMNS, seed, i) for i in range(batches)])
        even = np.concatenate([batch("plain", COLUMNS, seed, i) for i in range(batches)])
        worst = max(worst, np.abs(np.corrcoef(cube.T) - np.eye(COLUMNS)).max())
        plain = max(plain, np.abs(np.corrcoef(even.T) - np.eye(COLUMNS)).max())
    assert worst < 1.25 * plain


def test_variance_is_below_that_of_plain_samples() -> None:
    """Of the mean of a sum, which stratifying each column takes away all but wholly; and of products of
    neighbours, which only Sobol points do anything about.
    """

    def spread(sampler: Sampler, function: str) -> float:
        means = []
        for i in range(400):
            x = batch(sampler, 24, 1, i) - 0.5
            value = x.sum(axis=1) if function == "sum" else (x[:, 0::2] * x[:, 1::2]).sum(axis=1)
            means.append(value.mean())
        return float(np.var(means))

    plain, latin, sobol = spread("plain", "sum"), spread("latin", "sum"), spread("sobol", "sum")
    assert latin < plain / 200.0
    assert sobol < plain / 200.0
    plain, latin, sobol = (
        spread("plain", "products"),
        spread("latin", "products"),
        spread("sobol", "products"),
    )
    assert 0.7 < latin / plain < 1.3
    assert sobol < 0.6 * plain


def test_means_are_right() -> None:
    """Scrambling leaves every column uniform: first and second moments over many batches."""
    cube = np.concatenate([batch("sobol", 16, 2, i) for i in range(500)])
    assert cube.mean(axis=0) == pytest.approx(np.full(16, 0.5), abs=5e-4)
    assert (cube**2).mean(axis=0) == pytest.approx(np.full(16, 1.0 / 3.0), abs=1e-3)


def test_no_columns() -> None:
    assert batch("sobol", 0, 0, 0).shape == (BATCH, 0)
