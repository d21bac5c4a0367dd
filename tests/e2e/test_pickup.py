"""The customer comes to the store: pickup with its code, mail and last day, and ship to store."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from support.asking import assert_problem, good, until
from support.world import Json, World

pytestmark = pytest.mark.e2e
STORE: Json = {"type": "store", "capabilities": ["pickup", "curbside"], "hours": "Mon-Sat 9-18"}


def ordered(world: World, method: str, store: str, **group: Any) -> Json:
    """An order of two units by API, to be collected there; its body."""
    line = {
        "line_id": "1",
        "sku": world.sku(),
        "quantity": 2,
        "unit_price": {"amount": 1999, "currency": "USD"},
    }
    body = {
        "channel": "webshop",
        "account": "main",
        "external_id": f"P-{uuid.uuid4().hex[:10]}",
        "currency": "USD",
        "placed_at": "2026-11-22T15:00:00Z",
        "customer": {"email": f"buyer+{uuid.uuid4().hex[:8]}@example.com", "name": "Ada Buyer"},
        "ship_groups": [{"method": method, "location_id": store, "lines": [line], **group}],
    }
    good(world.api.place_order(body, str(uuid.uuid4())))
    return body


def released(world: World, body: Json) -> Json:
    """Wait for its work at the location."""
    order = until(
        lambda: world.order(body, "webshop"),
        lambda found: [w["status"] for w in found.get("fulfillment_orders", [])] == ["released"],
    )
    return dict(order["fulfillment_orders"][0])


def test_a_pickup_is_readied_mailed_and_handed_over_by_its_code(stack: dict[str, Any]) -> None:
    world = World(stack)
    store = world.location("STORE", **STORE)
    world.stock(world.sku(), {store: 5})
    body = ordered(world, "curbside", store)
    work = released(world, body)

    # WHEN the store says nothing but that it lies ready
    lying = world.act(work, "ready")
    assert lying["status"] == "ready_for_pickup"

    # THEN the customer has a mail with the place, the last day and the code
    address = body["customer"]["email"]
    mails = until(lambda: world.back.mails(address), lambda found: len(found) >= 2)
    order = world.order(body, "webshop")
    code = order["pickup_codes"][work["id"]]
    assert "ready for pickup" in mails[1].subject
    assert code in mails[1].text and "Mon-Sat 9-18" in mails[1].text

    # AND with a code of somebody else gets nothing
    assert_problem(world.api.act(work["id"], "collect", {"code": "nope"}), 400)

    # WHEN the customer drives up and shows it
    assert world.act(work, "arrive", {"bay": "3"})["status"] == "arrived"
    assert world.act(work, "collect", {"code": code})["status"] == "collected"

    # THEN it is theirs
    assert world.settled(body, "closed", "webshop", collected=2)
    position = world.position(world.sku(), store)
    assert (position["on_hand"], position["reserved"]) == (3, 0)
    world.assert_ledger_sums_up(world.sku(), store)
    until(lambda: world.back.execution_status(work["id"]), lambda found: found == "SUCCEEDED")


def test_what_nobody_collects_is_back_on_the_shelf_once(stack: dict[str, Any]) -> None:
    world = World(stack)
    store = world.location("STORE", **STORE)
    world.stock(world.sku(), {store: 5})
    body = ordered(world, "pickup", store)
    work = released(world, body)
    world.act(work, "ready")

    # WHEN the time of the reminder comes, and then the end of the last day
    world.back.make_overdue(work["id"])
    world.back.sweep()
    address = body["customer"]["email"]
    mails = until(lambda: world.back.mails(address), lambda found: len(found) >= 3)
    assert "still waits for you" in mails[2].subject
    world.back.make_overdue(work["id"], kept_until=True)
    for _ in range(2):
        world.back.sweep()

    # THEN the order is cancelled, not routed again, and its execution over
    assert world.settled(body, "cancelled", "webshop", cancelled=2)
    position = world.position(world.sku(), store)
    assert (position["on_hand"], position["reserved"], position["atp"]) == (5, 0, 5)
    world.assert_ledger_sums_up(world.sku(), store)
    until(lambda: world.back.execution_status(work["id"]), lambda found: found == "SUCCEEDED")
    assert len(world.order(body, "webshop")["fulfillment_orders"]) == 1


def test_an_order_sent_to_the_store_is_collected_there(stack: dict[str, Any]) -> None:
    # GIVEN a store without the article, and a warehouse that has it
    world = World(stack)
    store, warehouse = world.location("STORE", **STORE), world.location("DC")
    world.stock(world.sku(), {warehouse: 5})
    body = ordered(world, "ship_to_store", store)
    work = released(world, body)
    assert (work["location_id"], work["to_location_id"]) == (warehouse, store)

    # WHEN it is sent, arrives and is collected
    world.act(work, "ship", {"parcels": [{"tracking_number": "1Z", "carrier": "UPS"}]})
    assert work["id"] in world.work_ids(world.api, location_id=store, status="shipped")
    world.act(work, "ready")
    assert world.position(world.sku(), store)["reserved"] == 2
    world.act(work, "collect", {"identity_checked": True})

    # THEN stock went from one to the other and out
    assert world.settled(body, "closed", "webshop", collected=2)
    for place, on_hand in ((warehouse, 3), (store, 0)):
        position = world.position(world.sku(), place)
        assert (position["on_hand"], position["reserved"]) == (on_hand, 0)
        world.assert_ledger_sums_up(world.sku(), place)


def test_who_cannot_collect_it_has_it_sent_by_a_click_on_the_page(stack: dict[str, Any]) -> None:
    # GIVEN a store that cannot hand it over, and a warehouse that has it
    world = World(stack)
    store, warehouse = world.location("STORE", **STORE), world.location("DC")
    world.stock(world.sku(), {store: 5, warehouse: 5})
    home = {"address1": "1 Main St", "city": "Reno", "province_code": "NV"}
    home |= {"postal_code": "89501", "country_code": "US"}
    body = ordered(world, "pickup", store, address=home)
    work = released(world, body)
    world.act(work, "reject", {"reason": "NO_VARIANCE"})

    # WHEN the customer opens the link in the mail and chooses
    address = body["customer"]["email"]
    mails = until(lambda: world.back.mails(address), lambda found: len(found) >= 2)
    assert "please choose" in mails[1].subject
    link = re.search(r"https://\S+/track/(\S+)", mails[1].text)
    assert link, mails[1].text
    url = f"{stack['api_url']}/track/{link[1]}"
    assert b"<form method=post>" in world.api.pool.request("GET", url).data
    form = {"group": "sg1", "choice": "ship"}
    done = world.api.pool.request("POST", url, fields=form, encode_multipart=False, redirect=False)
    assert (done.status, done.headers["Location"]) == (303, link[1])

    # THEN it is sent from the warehouse, and the link asks nothing more
    def sent(order: Json) -> bool:
        works = order.get("fulfillment_orders", [])
        return [(w["location_id"], w["method"]) for w in works[1:]] == [(warehouse, "ship")]

    until(lambda: world.order(body, "webshop"), sent)
    assert b"<form" not in world.api.pool.request("GET", url).data
    world.assert_ledger_sums_up(world.sku(), store)
    again = world.api.pool.request(
        "POST", url, fields={**form, "choice": "cancel"}, encode_multipart=False, redirect=False
    )
    assert again.status == 409
