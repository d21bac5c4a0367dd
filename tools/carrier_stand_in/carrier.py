"""One account of EasyPost: what it was asked for, and what goes wrong when it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

Json = dict[str, Any]
Answer = tuple[int, Json]

RATES = (
    ("USPS", "Express", "51.20", 2),
    ("USPS", "Priority", "11.01", 2),
    ("USPS", "GroundAdvantage", "8.34", 3),
    ("UPS", "Ground", "8.34", None),
)


@dataclass
class CarrierStandIn:
    """Shipments by id, in the order in which they were made.

    `failures`: HTTP statuses to answer instead, one for each request, before anything is done;
    `lost`: so many changes are carried out and answered 502. `refuses`: what a purchase is refused
    with. `rates`: what is offered, (carrier, service, amount in US dollars, days); `messages`: what
    carriers say who offer none.
    """

    rates: tuple[tuple[str, str, str, int | None], ...] = RATES
    failures: list[int] = field(default_factory=list)
    refuses: list[Json] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    lost: int = 0
    key: str = "EZAK_test"
    url: str = ""
    shipments: dict[str, Json] = field(default_factory=dict)

    @property
    def sold(self) -> list[Json]:
        """Shipments whose label was bought."""
        return [one for one in self.shipments.values() if one["postage_label"]]

    def post(self, path: str, key: str, body: Json) -> Answer:
        """Status and body of a request that changes something."""
        refused = self._refused(key)
        if refused:
            return refused
        parts = path.strip("/").split("/")[1:]
        if parts == ["shipments"]:
            answer = 201, self._create(body["shipment"])
        else:
            answer = self._change(parts[1], parts[2], body)
        if answer[0] < 300 and self.lost:
            self.lost -= 1
            return 502, {}
        return answer

    def get(self, path: str, key: str) -> Answer:
        """Status and body of a read, by id or reference."""
        refused = self._refused(key)
        if refused:
            return refused
        name = path.rpartition("/")[2]
        found = next(
            (x for x in self.shipments.values() if name in (x["id"], x["reference"])), None
        )
        return (200, found) if found else (404, _error("NOT_FOUND", "not found"))

    def _refused(self, key: str) -> Answer | None:
        if self.failures:
            return self.failures.pop(0), {}
        return None if key == self.key else (401, _error("APIKEY.INACTIVE", "no such key"))

    def _create(self, asked: Json) -> Json:
        number = f"shp_{len(self.shipments) + 1}"
        made = {
            **asked,
            "id": number,
            "object": "Shipment",
            "mode": "test",
            "messages": self.messages,
        }
        made |= {"rates": self._rates(number), "postage_label": None, "selected_rate": None}
        self.shipments[number] = {**made, "tracking_code": None, "tracker": None}
        return self.shipments[number]

    def _rates(self, number: str) -> list[Json]:
        return [
            {
                "id": f"rate_{number}_{i}",
                "carrier": carrier,
                "service": service,
                "rate": amount,
                "currency": "USD",
                "delivery_days": days,
                "shipment_id": number,
            }
            for i, (carrier, service, amount, days) in enumerate(self.rates)
        ]

    def _change(self, number: str, action: str, body: Json) -> Answer:
        shipment = self.shipments.get(number)
        if shipment is None:
            return 404, _error("NOT_FOUND", "not found")
        if action == "rerate":
            shipment["rates"] = self._rates(number)
            return 200, {"rates": shipment["rates"]}
        if self.refuses:
            return 422, {"error": self.refuses.pop(0)}
        if shipment["postage_label"]:
            return 422, _error("SHIPMENT.POSTAGE.EXISTS", "Postage already exists")
        return 200, self._buy(shipment, body["rate"]["id"])

    def _buy(self, shipment: Json, rate_id: str) -> Json:
        code = f"9400{crc32(shipment['reference'].encode()):010d}"
        shipment["selected_rate"] = next(x for x in shipment["rates"] if x["id"] == rate_id)
        shipment["postage_label"] = {"label_url": f"{self.url}/labels/{shipment['id']}.pdf"}
        shipment["tracking_code"] = code
        shipment["tracker"] = {"tracking_code": code, "status": "unknown"}
        return shipment

    def scan(self, code: str, status: str, at: str) -> Json:
        """The event that its webhook tells of a parcel; `at` is ISO 8601."""
        tracker = {"tracking_code": code, "status": status, "updated_at": at}
        name = f"evt_{code}_{status}"
        event = {"id": name, "description": "tracker.updated", "mode": "production"}
        return {**event, "result": tracker}


def _error(code: str, message: str) -> Json:
    return {"error": {"code": code, "message": message, "errors": []}}
