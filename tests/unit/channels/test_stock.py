"""What Shopify shows of our stock: found, read and changed without overwriting what was sold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dom.channels.credentials import Credentials
from dom.channels.stock import shelf_of
from dom.errors import Busy, InvalidInput, Rejected
from dom.model.ids import Sku
from dom.model.outlet import Outlet, Shelf, Shown, Wish

from tools.shop_stand_in import ShopStandIn, shop_stand_in

OUTLET = Outlet("shopify", "acme.myshopify.com", "7")


@pytest.fixture
def shop() -> Iterator[ShopStandIn]:
    with shop_stand_in() as made:
        yield made


def shelf(shop: ShopStandIn) -> Shelf:
    return shelf_of("shopify")(OUTLET, Credentials("shpat_1", shop.url))


def test_items_are_found_by_the_exact_sku_over_all_pages(shop: ShopStandIn) -> None:
    names = ['MUG "L"', "back\\slash", "mug", "MUG", *(f"S{n}" for n in range(30))]
    made = {name: shop.stock.add(name, "7") for name in names}
    twice = shop.stock.add("MUG", "7")
    shop.stock.page = 3
    found = shelf(shop).find([Sku(name) for name in [*names, "nowhere"] if name != "mug"])
    assert found["MUG"] == [made["MUG"], twice]
    assert "nowhere" not in found and "mug" not in found
    for name in names:
        if name not in ("mug", "MUG"):
            assert found[Sku(name)] == [made[name]]


def test_what_is_shown_is_read_and_nothing_is_zero_that_is_not_there(shop: ShopStandIn) -> None:
    here = shop.stock.add("A", "7", 4)
    elsewhere = shop.stock.add("B", "8", 4)
    looked = shelf(shop).look([here, elsewhere, "gid://shopify/InventoryItem/99"])
    assert looked == {here: 4, elsewhere: None, "gid://shopify/InventoryItem/99": None}


def test_what_changed_meanwhile_is_not_overwritten_and_its_neighbors_are_set(
    shop: ShopStandIn,
) -> None:
    one, two, gone = shop.stock.add("A", "7", 4), shop.stock.add("B", "7", 4), "gid://none"
    shop.stock.sold.append(lambda: shop.stock.buy("A", "7"))
    wishes = [Wish(one, 4, 9), Wish(gone, 1, 2), Wish(two, 4, 2)]
    refused = shelf(shop).show(wishes)
    assert refused[one] == ""
    assert refused[gone].startswith("INVALID_INVENTORY_ITEM")
    assert set(refused) == {one, gone}
    assert (shop.stock.shown("A", "7"), shop.stock.shown("B", "7")) == (3, 2)
    [told] = shop.stock.changes
    assert told["name"] == "available"
    assert told["quantities"] == [
        {
            "inventoryItemId": two,
            "locationId": "gid://shopify/Location/7",
            "quantity": 2,
            "changeFromQuantity": 4,
        }
    ]


def test_what_keeps_changing_is_left_for_later(shop: ShopStandIn) -> None:
    items = {sku: shop.stock.add(sku, "7", 9) for sku in "ABCDE"}

    def sell_next() -> None:
        sku = next(one for one in "ABCDE" if shop.stock.shown(one, "7") == 9)
        shop.stock.buy(sku, "7")
        shop.stock.sold.append(sell_next)

    shop.stock.sold.append(sell_next)
    refused = shelf(shop).show([Wish(item, 9, 1) for item in items.values()])
    assert refused == dict.fromkeys(items.values(), "")
    assert shop.stock.changes == []


def test_the_same_change_is_made_again_when_it_is_right_again(shop: ShopStandIn) -> None:
    item = shop.stock.add("A", "7", 4)
    for _ in range(2):
        assert shelf(shop).show([Wish(item, 4, 2)]) == {}
        assert shop.stock.shown("A", "7") == 2
        shop.stock.items[item].levels["gid://shopify/Location/7"] = 4


def test_all_that_is_stocked_there_comes_page_by_page(shop: ShopStandIn) -> None:
    shop.stock.page = 2
    items = [shop.stock.add(sku, "7", n) for n, sku in enumerate(["A", "", "C"])]
    shop.stock.add("elsewhere", "8", 1)
    shop.stock.add("untracked", "7", 1, tracked=False)
    first, cursor = shelf(shop).page("")
    second, end = shelf(shop).page(cursor)
    assert [*first, *second] == [
        Shown(items[0], "A", 0),
        Shown(items[1], "", 1),
        Shown(items[2], "C", 2),
    ]
    assert end == ""


@pytest.mark.parametrize(
    ("code", "error"), [("IDEMPOTENCY_CONCURRENT_REQUEST", Busy), ("INVALID_LOCATION", Rejected)]
)
def test_a_refusal_of_all_is_for_later_or_for_a_person(
    shop: ShopStandIn, code: str, error: type[Exception]
) -> None:
    told = {"userErrors": [{"code": code, "field": ["input"], "message": "no"}]}
    shop.stock._show = lambda asked: told  # type: ignore[method-assign]
    with pytest.raises(error, match="no"):
        shelf(shop).show([Wish("gid://1", 1, 2)])


def test_a_location_that_shopify_does_not_know_is_said(shop: ShopStandIn) -> None:
    shop.stock._levels = lambda asked: None  # type: ignore[method-assign, assignment, return-value]
    with pytest.raises(Rejected, match="location 7"):
        shelf(shop).page("")


def test_only_channels_that_show_stock_can() -> None:
    with pytest.raises(InvalidInput, match="channel"):
        shelf_of("easypost")
