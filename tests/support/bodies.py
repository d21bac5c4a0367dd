"""Valid bodies of the API's requests."""

from __future__ import annotations

from typing import Any

LOCATION: dict[str, Any] = {
    "name": "Reno",
    "type": "store",
    "address": {
        "address1": "1 Main Street",
        "city": "Reno",
        "province_code": "NV",
        "postal_code": "89501",
        "country_code": "US",
        "latitude": 39.53,
        "longitude": -119.81,
    },
    "timezone": "America/Los_Angeles",
    "capabilities": ["pickup", "ship"],
    "daily_capacity": 40,
    "daily_effort": 3600,
    "efforts": {"ship": {"order": 120, "line": 30, "unit": 15}},
    "active": True,
}

PRODUCT: dict[str, Any] = {
    "category": "kitchen",
    "needs": ["fragile"],
    "grams": 450,
    "volume_cm3": 1800,
    "keep_together": "",
    "daily_demand": 2.5,
    "markdown": 150,
    "rejects": {"RENO": 20},
    "cost": 700,
    "effort": 60,
    "releases_on": "2026-01-15",
    "preorder_limit": 20,
    "components": [],
}

ORDER: dict[str, Any] = {
    "channel": "webshop",
    "account": "acme",
    "external_id": "1001",
    "currency": "USD",
    "placed_at": "2026-03-04T15:00:00Z",
    "customer": {"email": "buyer@example.com", "name": "Ada Buyer"},
    "ship_groups": [
        {
            "method": "ship",
            "address": {"address1": "2 Side Street", "country_code": "US", "postal_code": "95814"},
            "lines": [
                {
                    "line_id": "1",
                    "sku": "MUG",
                    "quantity": 2,
                    "unit_price": {"amount": 1500, "currency": "USD"},
                }
            ],
        }
    ],
}
SIMULATION: dict[str, Any] = {
    "window": {"from": "2026-03-04T00:00:00Z", "until": "2026-03-05T00:00:00Z"},
    "scenario": {
        "name": "busy",
        "orders": {"days": 2, "orders_per_day": 30, "skus": 10},
        "changes": [
            {"order_rate": {"factor": 1.5, "from_day": 0, "until_day": 1}},
            {"flash_sale": {"channels": {"app": 3}, "hours": 1}},
            {"closed": {"largest": 1}},
            {"stockout": {"skus": ["CUP"]}},
            {"carrier_strike": {"extra_days": 1, "price_percent": 110}},
        ],
    },
    "variants": [
        {"name": "as it is", "rule_set": {}},
        {"name": "fast", "rule_set": {"weights": {"day": 900, "parcel": 300}}},
    ],
}
