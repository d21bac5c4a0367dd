"""Better plans for a batch: orders solved again, alone and in pairs where one blocks the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dom.sourcing.joint.market import EFFORT, SLOTS, Market
from dom.sourcing.joint.offers import Offers
from dom.sourcing.joint.prices import FREE, Prices, as_parcel
from dom.sourcing.joint.single import best_plan
from dom.sourcing.joint.wish import Parcel, Plan, Wish

ROUNDS = 4
# Orders tried to make room for one that is held up.
RIVALS = 12


def improve(
    wishes: Sequence[Wish],
    plans: Sequence[Plan],
    offers: Sequence[Offers],
    market: Market,
    worth: Prices = FREE,
    rounds: int = ROUNDS,
) -> list[Plan]:
    """Plans at most as dear as `plans`; `market` is as found afterwards."""
    search = _Search(wishes, list(plans), offers, market, worth)
    for plan in plans:
        market.take(plan.parcels)
    for _ in range(rounds):
        if not search.round():
            break
    for plan in search.plans:
        market.give_back(plan.parcels)
    return search.plans


class _Search:
    def __init__(
        self,
        wishes: Sequence[Wish],
        plans: list[Plan],
        offers: Sequence[Offers],
        market: Market,
        worth: Prices,
    ) -> None:
        self.wishes, self.plans, self.market, self.worth = wishes, plans, market, worth
        self.ideals = [_ideal(offer) for offer in offers]
        # Large orders take long: they neither make room nor look for it.
        self.exact = [offer.exact for offer in offers]
        self.at: dict[int, set[int]] = {}
        self.skus = [{piece.sku for piece in wish.pieces} for wish in wishes]
        # Orders that may have something to gain: at first all, then those that want what was freed.
        self.open = set(range(len(wishes)))
        for i, plan in enumerate(plans):
            self._enter(i, plan)

    def round(self) -> bool:
        """Whether anything got cheaper."""
        better, turn, self.open = False, sorted(self.open), set()
        for i in turn:
            if self._dear(self.plans[i]) > self.ideals[i][0]:
                better |= self._alone(i) or (self.exact[i] and self._with_rival(i))
        return better

    def _alone(self, i: int) -> bool:
        return self._replan([i])

    def _with_rival(self, i: int) -> bool:
        """Let one order that holds what this one wants plan after it."""
        rivals = list(self._rivals(i))[:RIVALS]
        return any(self._replan([i, j]) for j in rivals)

    def _rivals(self, i: int) -> Iterator[int]:
        """Orders that hold what the places of its ideal lack for it: slots or units."""
        held: set[int] = set()
        for parcel in self.ideals[i][1]:
            short = {p.sku for p in parcel.pieces if self._left(p.sku, parcel.place) < p.quantity}
            full = self._left(SLOTS, parcel.place) < parcel.boxes
            full = full or self._left(EFFORT, parcel.place) < parcel.effort
            for j in self.at.get(parcel.place, ()):
                if j != i and self.exact[j] and (full or short & self._sent(j, parcel.place)):
                    held.add(j)
        return iter(sorted(held))

    def _left(self, sku: int, place: int) -> int:
        return self.market.units[sku].get(place, 0)

    def _sent(self, j: int, place: int) -> set[int]:
        parcels = (parcel for parcel in self.plans[j].parcels if parcel.place == place)
        return {piece.sku for parcel in parcels for piece in parcel.pieces}

    def _replan(self, who: Sequence[int]) -> bool:
        """Plan these anew, in this order; keep it if it costs less than before."""
        before = [self.plans[i] for i in who]
        for plan in before:
            self.market.give_back(plan.parcels)
        after = []
        for i in who:
            plan = best_plan(self.wishes[i], self.market, self.worth)
            self.market.take(plan.parcels)
            after.append(plan)
        if sum(map(self._dear, after)) < sum(map(self._dear, before)):
            self._keep(who, after)
            return True
        for plan in after:
            self.market.give_back(plan.parcels)
        for plan in before:
            self.market.take(plan.parcels)
        return False

    def _dear(self, plan: Plan) -> int:
        return plan.cost + sum(map(self.worth.of, plan.parcels))

    def _keep(self, who: Sequence[int], after: Sequence[Plan]) -> None:
        freed = {parcel.place for i in who for parcel in self.plans[i].parcels}
        skus = set().union(*(self.skus[i] for i in who))
        for i, plan in zip(who, after, strict=True):
            for parcel in self.plans[i].parcels:
                self.at[parcel.place].discard(i)
            self._enter(i, plan)
        self.open |= {j for j in range(len(self.plans)) if self._wants(j, freed, skus)}

    def _wants(self, j: int, places: set[int], skus: set[int]) -> bool:
        """Whether an order may gain from slots and units that were freed there."""
        wanted = {parcel.place for parcel in self.ideals[j][1]}
        return bool(skus & self.skus[j] or places & wanted)

    def _enter(self, i: int, plan: Plan) -> None:
        self.plans[i] = plan
        for parcel in plan.parcels:
            self.at.setdefault(parcel.place, set()).add(i)


def _ideal(offer: Offers) -> tuple[int, tuple[Parcel, ...]]:
    """What the order would cost, and from where, if it were alone."""
    value, parcels = offer.choose({}, {})
    return value, tuple(as_parcel(offer.wish, s, place) for s, place in parcels)
