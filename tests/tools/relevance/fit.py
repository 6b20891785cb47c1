"""Fits a logistic regression by Newton's method, with a small penalty on the weights."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from plccoach_api.rules.relevance import Weights

_PENALTY = 0.003
_STEPS = 50
_DIGITS = 3


def fit(rows: Sequence[Mapping[str, float]], answered: Sequence[bool], importance: Sequence[float]) -> Weights:
    """Returns the weights of the features as they are, without scaling them first."""
    names = [*rows[0]]
    values = np.array([[row[name] for name in names] for row in rows])
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    deviation[deviation == 0] = 1
    scaled = np.hstack([(values - mean) / deviation, np.ones((len(rows), 1))])
    weights = _newton(scaled, np.array(answered, float), np.array(importance, float))
    raw = weights[:-1] / deviation
    return Weights(
        round(float(weights[-1] - raw @ mean), _DIGITS),
        {name: round(float(weight), _DIGITS) for name, weight in zip(names, raw, strict=True)},
    )


def _newton(
    values: NDArray[np.float64], answered: NDArray[np.float64], importance: NDArray[np.float64]
) -> NDArray[np.float64]:
    penalty = np.eye(values.shape[1]) * _PENALTY * importance.sum()
    penalty[-1, -1] = 1e-9
    weights = np.zeros(values.shape[1])
    for _ in range(_STEPS):
        estimate = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (importance * (estimate - answered)) + penalty @ weights
        curvature = (values * (importance * estimate * (1 - estimate))[:, None]).T @ values + penalty
        weights = weights - np.linalg.solve(curvature, slope)
    return weights
