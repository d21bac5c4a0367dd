"""What a plan costs at the very least: bounds by which a search can stop, or say how good it is."""

from __future__ import annotations

from dom.model.order import Method
from dom.sourcing.pieces import Piece
from dom.sourcing.scene import Scene
from dom.sourcing.score import IMPOSSIBLE, MONEY_SHIFT


def two_parcels(scene: Scene, pieces: list[Piece]) -> int:
    """No plan of two parcels or more scores less.

    One holds the heaviest piece, another at least the lightest, both go the shortest way, and each
    unit costs the least labor. -IMPOSSIBLE where parcels may earn money: more of them may pay.
    """
    least, card = scene.least, scene.rules.rate_card
    weights = [card.billable(piece.grams, piece.bulk) for piece in pieces]
    if least.earns:
        return -IMPOSSIBLE
    one = least.parcel + _carried(scene, min(weights))
    units = sum(piece.quantity for piece in pieces)
    money = one + least.parcel + _carried(scene, max(weights)) + units * least.unit
    return money << MONEY_SHIFT


def most_credit(scene: Scene) -> int:
    """Minor units that all parcels together can earn at most, were each unit a parcel."""
    credit, units = 0, sum(line.quantity for line in scene.lines)
    for group in scene.groups:
        local = group.local
        goods = scene.rules.weights.markdown_cap if any(g.credit for g in local.goods) else 0
        credit = max(credit, max(0, goods) + max(0, -local.parcel) + max(0, -local.unit))
    return credit * units


def _carried(scene: Scene, grams: int) -> int:
    """What the carrier takes on the shortest way; nothing where a store may have it already."""
    card, method = scene.rules.rate_card, scene.demand.method
    if method is Method.SHIP:
        return card.price(grams, 0)
    return card.same_day if method is Method.SAME_DAY else 0
