"""What was the best offer stays it when a fence more takes another location out."""

from __future__ import annotations

import pytest
from dom.model.ids import LocationId
from dom.model.rate_card import RateCard
from dom.model.rules import RuleSet
from dom.sourcing.pricebook import PriceBook
from dom.sourcing.rivals import barred
from dom.sourcing.scene import Offers
from dom.sourcing.solve import decide
from support.sourcing_cases import NOON, Case, demand, line, network, place, rich_case, stock


class Counted(RateCard):
    """A rate card that counts how often it is asked for a price."""

    asked = 0

    def price(self, grams: int, zone: int) -> int:
        Counted.asked += 1
        return super().price(grams, zone)


def split() -> tuple[Case, PriceBook]:
    """Five lines of different weights that no location has all of."""
    lines = [line(str(n), sku, grams=100 + 37 * n * n) for n, sku in enumerate("ABCDE")]
    held = {"P": "AB", "Q": "ABC", "R": "CDE", "S": "DE"}
    supply = stock(**{key: dict.fromkeys(skus, 9) for key, skus in held.items()})
    rules = RuleSet(rate_card=Counted())
    case = Case(demand(*lines), supply, network(*map(place, "PQRS")), rules, NOON)
    return case, PriceBook(case.network, rules, case.now)


def asked(case: Case, book: PriceBook, out: LocationId, offers: Offers) -> int:
    """Prices asked for deciding without a location."""
    before = Counted.asked
    decide(barred(case.demand, {out}), case.supply, book, bare=True, offers=offers)
    return Counted.asked - before


def test_a_rival_is_priced_only_where_the_barred_location_was_the_best() -> None:
    case, book = split()
    offers: Offers = {}
    plan = decide(case.demand, case.supply, book, bare=True, offers=offers)
    used = {one.location_id for one in plan.assignments}
    unused = next(key for key in case.network.index if key not in used)
    alone = asked(case, book, unused, {})
    assert 0 < asked(case, book, unused, offers) < alone


@pytest.mark.parametrize("seed", range(150))
def test_sharing_offers_changes_no_plan(seed: int) -> None:
    case = rich_case(seed, places=5, lines=4)
    book = PriceBook(case.network, case.rules, case.now)
    offers: Offers = {}
    decide(case.demand, case.supply, book, offers=offers)
    for key in case.network.index:
        rival = barred(case.demand, {key})
        fresh = decide(rival, case.supply, book)
        assert decide(rival, case.supply, book, offers=offers) == fresh
