"""The subset-price DP with a limit on parcels, or on what is worth sending: layer by layer.

Without such limits, `dom.sourcing.kernel` does the same faster.
"""

from __future__ import annotations

from dom.sourcing.score import IMPOSSIBLE
from dom.sourcing.task import Cover, Part, Task

_LOST = 0
_AS_BEFORE = -1

# F and the choice that gives it, by set of pieces.
Layer = tuple[list[int], list[int]]


def worth_sending(
    task: Task, prices: list[int], offers: list[tuple[int, int]], lost: list[int]
) -> Cover:
    """No shipment beside others, and nothing left over beside one, that is worth too little.

    What is left over is tried set by set, since only as a whole it has a value.
    """
    least, full = task.limits.value, len(prices) - 1
    values = [0]
    for s in range(1, full + 1):
        values.append(values[s & (s - 1)] + task.pieces[(s & -s).bit_length() - 1].value)
    for s in range(1, full + 1):
        if values[s] < least and (s < full or task.missing):
            prices[s] = IMPOSSIBLE
    layers = layers_of(prices, [IMPOSSIBLE] * len(lost), task.limits.parcels)
    losses, sent_all = _nothing(lost)[0], layers[-1][0]
    best = losses[full], 0
    for left in range(full):
        over = values[left] + task.missing_value
        if over >= least or not (left or task.missing):
            best = min(best, (losses[left] + sent_all[full ^ left], full ^ left))
    return Cover(best[0], parts_of(layers, offers, best[1]))


def layers_of(prices: list[int], lost: list[int], limit: int | None) -> list[Layer]:
    """Layers of at most 0, 1, 2 ... parcels; one open-ended one where the limit cannot bind."""
    if limit is None or limit >= len(lost):
        return [_layer(prices, lost, None)]
    layers = [_nothing(lost)]
    for _ in range(limit):
        layers.append(_layer(prices, lost, layers[-1][0]))
    return layers


def _nothing(lost: list[int]) -> Layer:
    best = [0]
    for s in range(1, 1 << len(lost)):
        best.append(best[s & (s - 1)] + lost[(s & -s).bit_length() - 1])
    return best, [_LOST] * len(best)


def _layer(prices: list[int], lost: list[int], before: list[int] | None) -> Layer:
    """F and the choice that gives it; `before` is F with one parcel less."""
    best, choice = [0], [_LOST]
    rest_of = best if before is None else before
    for s in range(1, len(prices)):
        low = s & -s
        rest = s ^ low
        value, pick = best[rest] + lost[low.bit_length() - 1], _LOST
        if before is not None and before[s] <= value:
            value, pick = before[s], _AS_BEFORE
        t = rest
        while True:
            price = prices[t | low]
            if price < value:
                price += rest_of[rest ^ t]
                if price < value:
                    value, pick = price, t | low
            if not t:
                break
            t = (t - 1) & rest
        best.append(value)
        choice.append(pick)
    return best, choice


def parts_of(layers: list[Layer], offers: list[tuple[int, int]], s: int) -> tuple[Part, ...]:
    """The parcels that the last layer chose for the set `s`; `offers` say from where."""
    parts: list[Part] = []
    level = len(layers) - 1
    while s:
        pick = layers[level][1][s]
        if pick > 0:
            parts.append(Part(pick, offers[pick][1], offers[pick][0]))
            s ^= pick
        elif pick == _LOST:
            s &= s - 1
        level -= pick != _LOST and len(layers) > 1
    return tuple(parts)
