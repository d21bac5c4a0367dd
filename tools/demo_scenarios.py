"""The scenarios of the demo. A new one is an entry here and its bodies in events/shopify."""

from __future__ import annotations

from tools.demo_model import NO_ORDER, Await, Expect, Scenario, Webhook, Work

CREATE, UPDATED, CANCELLED, PAID = (
    "orders/create",
    "orders/updated",
    "orders/cancelled",
    "orders/paid",
)
TRACKING = {"tracking_number": "1Z999AA10123456784", "carrier": "UPS"}

SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "Two articles, one parcel",
        {
            "BOOT-TRAIL-42": {"STORE-06": 4, "WH-EAST": 9},
            "SOCK-WOOL-M": {"STORE-02": 8, "WH-EAST": 40},
        },
        (Webhook("one-location"),),
        Expect("allocated", {"WH-EAST": 3}, {"allocated": 3}),
        mails=1,
    ),
    Scenario(
        "The cheapest place is the nearest",
        {"JACKET-RAIN-M": {"WH-CENTRAL": 30, "STORE-44": 3, "STORE-45": 2}},
        (Webhook("nearest"),),
        Expect("allocated", {"STORE-45": 1}, {"allocated": 1}),
        mails=1,
    ),
    Scenario(
        "No place has both: split",
        {"TENT-2P": {"WH-SOUTH": 12}, "STOVE-GAS": {"STORE-23": 3}},
        (Webhook("split"),),
        Expect("allocated", {"WH-SOUTH": 1, "STORE-23": 1}, {"allocated": 2}),
        mails=1,
    ),
    Scenario(
        "Five units from three and three",
        {"LAMP-HEAD": {"STORE-32": 3, "STORE-27": 3}},
        (Webhook("five-units"),),
        Expect("allocated", {"STORE-32": 3, "STORE-27": 2}, {"allocated": 5}),
        mails=1,
    ),
    Scenario(
        "One article on two lines",
        {"BOTTLE-1L": {"STORE-36": 3}},
        (Webhook("same-sku-twice"),),
        Expect("allocated", {"STORE-36": 3}, {"allocated": 3}),
        mails=1,
    ),
    Scenario(
        "Out of stock everywhere: backorder",
        {"ROPE-60M": {"WH-WEST": 0}},
        (Webhook("backorder"),),
        Expect("open", {}, {"backordered": 1}),
        mails=1,
    ),
    Scenario(
        "Three of four in stock",
        {"PACK-40L": {"STORE-42": 3}},
        (Webhook("part-backorder"),),
        Expect("partially_allocated", {"STORE-42": 3}, {"allocated": 3, "backordered": 1}),
        mails=1,
    ),
    Scenario(
        "Cancelled; the order itself came later",
        {"POLE-CARBON": {"STORE-14": 5}},
        (Webhook("cancelled-first-cancelled", CANCELLED), Webhook("cancelled-first", CREATE)),
        Expect("cancelled", {}, {"cancelled": 1}),
    ),
    Scenario(
        "Cancelled after allocation: stock comes back",
        {"QUILT-DOWN": {"STORE-26": 5}},
        (
            Webhook("cancelled-later"),
            Await(Expect("allocated", {"STORE-26": 2})),
            Webhook("cancelled-later-cancelled", CANCELLED),
        ),
        Expect("cancelled", {}, {"cancelled": 2}),
    ),
    Scenario(
        "The same webhook three times",
        {"FILTER-WATER": {"STORE-18": 9}},
        (Webhook("delivered-three-times", times=3),),
        Expect("allocated", {"STORE-18": 2}, {"allocated": 2}),
        mails=1,
    ),
    Scenario(
        "Address changed; the change came first",
        {"HAMMOCK-XL": {"STORE-36": 4, "STORE-45": 4}},
        (Webhook("updated-first-updated", UPDATED), Webhook("updated-first", CREATE)),
        Expect("allocated", {"STORE-45": 1}, {"allocated": 1}),
        mails=1,
    ),
    Scenario(
        "Digital goods only",
        {},
        (Webhook("digital"),),
        Expect("closed", {}, {"delivered": 2}),
        mails=1,
    ),
    Scenario(
        "Goods and a download",
        {"MUG 450/TITAN": {"STORE-33": 6}},
        (Webhook("mixed"),),
        Expect("partially_fulfilled", {"STORE-33": 2}, {"allocated": 2, "delivered": 1}),
        mails=1,
    ),
    Scenario(
        "Forged webhook: refused, nothing stored",
        {"CRAMPON-12": {"STORE-38": 5}},
        (Webhook("forged", forged=True),),
        Expect(NO_ORDER),
        mails=0,
    ),
    Scenario(
        "Goods without a SKU: held for a person",
        {},
        (Webhook("no-sku"),),
        Expect("held", {}, {"pending": 1}, hold_reason="invalid_data"),
    ),
    Scenario(
        "The store rejects: another one takes over",
        {"KNIFE-FOLD": {"STORE-30": 1, "STORE-28": 2}},
        (
            Webhook("rejected"),
            Await(Expect("allocated", {"STORE-30": 1})),
            Work("reject", "released", {"reason": "not_in_stock"}),
        ),
        Expect("allocated", {"STORE-28": 1}, {"allocated": 1}),
        mails=1,
    ),
    Scenario(
        "Unpaid, then paid",
        {"CHAIR-CAMP": {"STORE-38": 2}},
        (
            Webhook("paid-later"),
            Await(Expect("held", {}, {"pending": 1}, hold_reason="awaiting_payment")),
            Webhook("paid-later-paid", PAID),
        ),
        Expect("allocated", {"STORE-38": 1}, {"allocated": 1}),
    ),
    Scenario(
        "Accepted, picked, packed and shipped",
        {"TARP-3X3": {"STORE-11": 2}},
        (
            Webhook("shipped"),
            Await(Expect("allocated", {"STORE-11": 1})),
            Work("accept", "released"),
            Work("pick", "accepted"),
            Work("pack", "picking"),
            Work("ship", "packed", {"parcels": [TRACKING]}),
        ),
        Expect("fulfilled", {"STORE-11": 1}, {"shipped": 1}),
        mails=2,
    ),
)
