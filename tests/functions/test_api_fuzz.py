"""Whatever is sent, the API answers 2xx or a problem document: never 500, never a stack trace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from dom.api.identity import SCOPES, Identity
from dom.api.operation import Operation
from dom.aws.wiring import archive
from dom.model.decision import RoutingDecision
from dom.model.fulfillment import FulfillmentLine
from dom.model.ids import Sku
from dom.model.order import Bucket
from dom.settings import from_environment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.api import BELOW_FULFILLMENTS, BELOW_ORDERS, ROUTES, Backend, backend
from support.archive import Desk
from support.bodies import LOCATION, ORDER, PRODUCT, SIMULATION
from support.builders import line, order, work
from support.http import ADMIN, LambdaContext, proxy_event
from support.mutations import JSON, TEXT, mutated

from tools.openapi import OPERATIONS

SEGMENT = st.one_of(
    st.sampled_from(["RENO", "MUG", "ord_a", "ord_a-1", "accept", "ship", "%2F", "%", "%FF", ".."]),
    st.text("abcA1%/.#?-_ \u00e5\u2615\0", max_size=12),
    TEXT,
)
SAMPLES: dict[str, Any] = {
    "labelParcel": {"parcel": 1, "weight_grams": 700},
    "postOrder": ORDER,
    "putLocation": LOCATION,
    "putProduct": PRODUCT,
    "postPromise": {
        "lines": [{"sku": "MUG", "quantity": 2, "grams": 300}],
        "destination": {
            "postal_code": "95814",
            "country_code": "US",
            "latitude": 1.5,
            "longitude": 2,
        },
        "channel": "shopify",
    },
    "postReservation": {
        "lines": [{"sku": "MUG", "quantity": 1}],
        "channel": "shopify",
        "location_id": "RENO",
        "ttl_seconds": 60,
    },
    "settleReservation": {"ttl_seconds": 60},
    "postCount": {
        "reference": "C-1",
        "counted_at": "2026-03-02T09:00:00Z",
        "lines": [{"sku": "MUG", "quantity": 2}],
    },
    "postTransfer": {
        "from_location_id": "RENO",
        "location_id": "BOSTON",
        "reference": "T-1",
        "expected_on": "2026-12-01",
        "lines": [{"sku": "MUG", "quantity": 2}],
    },
    "shipTransfer": {"request_id": "r", "lines": [{"sku": "MUG", "quantity": 1}], "anyway": True},
    "receiveTransfer": {
        "request_id": "r",
        "lines": [{"sku": "MUG", "quantity": 2, "damaged": 1}],
    },
    "postPurchaseOrder": {
        "supplier": "ACME",
        "location_id": "RENO",
        "reference": "P-1",
        "lines": [{"sku": "MUG", "quantity": 2}],
    },
    "putFeed": {
        "mode": "snapshot",
        "columns": {"sku": "Item", "quantity": "Qty"},
        "locations": {"W1": "RENO"},
        "delimiter": ";",
        "encoding": "cp1252",
        "gate": {"rows_percent": 20, "changed_percent": None},
        "pull": {"url": "https://vendor.example/stock", "every_minutes": 30},
    },
    "postSubscription": {
        "url": "https://127.0.0.1:1/events",
        "event_types": ["OrderPlaced", "*"],
        "location_ids": ["RENO"],
    },
    "patchSubscription": {"status": "paused", "event_types": ["*"]},
    "rotateSubscription": {"overlap_hours": 1},
    "putRuleSet": {
        "weights": {"day": 300, "handling": {"store": {"parcel": 1, "unit": 2}}},
        "passes": [{"name": "promise", "days_late": 0}],
        "rules": [{"name": "a", "change": {"fences": {"max_splits": 1}}}],
        "overlays": [
            {
                "name": "b",
                "change": {"exclude": True},
                "where": {"groups": ["west"]},
                "starts": "2026-11-27T00:00",
                "ends": "2026-12-24T00:00",
                "timezone": "location",
            }
        ],
        "service": {"cutoffs": {"store": "13:00"}},
    },
    "lintRuleSet": {"version": 1},
    "activateRuleSet": {"version": 1, "reason": "season", "expected_version": 0},
    "revertRuleSet": {"reason": "season"},
    "shadowRuleSet": {"version": 1, "end": False},
    "putPosition": {"on_hand": 5, "safety_stock": 1},
    "postInventoryBatch": {
        "source": "wms",
        "mode": "delta",
        "quantity_is": "on_hand",
        "as_of": "2026-03-04T15:00:00Z",
        "rows": [{"location_id": "RENO", "sku": "MUG", "quantity": 1}],
    },
    "postSimulation": SIMULATION,
    "actOnFulfillmentOrder": {
        "reason": "damaged",
        "lines": [{"line_id": "1", "quantity": 1}],
        "parcels": [{"tracking_number": "1Z", "weight_grams": 1}],
    },
}
IDENTITIES = st.one_of(
    st.just(ADMIN),
    st.just(ADMIN),
    st.none(),
    st.builds(
        Identity,
        st.sampled_from(["shop", "caf\u00e9", "x" * 300]),
        st.frozensets(st.sampled_from(sorted(SCOPES)), max_size=3).map(lambda some: some | {"*"}),
        st.one_of(st.none(), st.frozensets(st.sampled_from(["RENO", "a/b"]), min_size=1)),
        st.one_of(st.none(), st.just(10**11), st.just(0)),
    ),
)
QUERY_NAMES = (
    "location_id",
    "status",
    "next",
    "channel",
    "external_id",
    "account",
    "decision_id",
    "ship_group_id",
)
QUERIES = st.dictionaries(st.sampled_from(QUERY_NAMES), st.one_of(SEGMENT, st.just("released")))
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Content-Type", "content-type", "Idempotency-Key", "Authorization", "If-Match", "Accept"]
    ),
    st.one_of(TEXT, st.sampled_from(["application/json", "application/yaml", "1"])),
)


@pytest.fixture(scope="module")
def api() -> Iterator[Backend]:
    with backend() as made:
        # So many units that unit by unit they can be refused to the end.
        units = 9_000
        made.put_location("RENO")
        made.call("PUT", "/inventory/RENO/MUG", {"on_hand": units})
        made.reserve("MUG", "RENO", units)
        lines = (FulfillmentLine("1", Sku("MUG"), units),)
        made.commit(
            orders=(
                order(
                    "ord_a", line("1", quantity=units, buckets={Bucket.ALLOCATED: units}), version=0
                ),
            ),
            fulfillment_orders=(work(1, version=0, lines=lines),),
            decisions=(archived_decision(),),
        )
        yield made


def archived_decision() -> RoutingDecision:
    """A decision of `ord_a` whose inputs are in the bucket, so that it can be asked why."""
    desk = Desk()
    desk.ledger.stock("MUG", "RENO", 9)
    desk.ledger.stock("MUG", "BOSTON", 9)
    desk.archive = archive(from_environment())
    desk.route(order())
    (decision,) = desk.ledger.decisions.values()
    return decision


def bodies(operation: Operation) -> st.SearchStrategy[Any]:
    """Anything; mostly something close to what the operation wants."""
    sample = SAMPLES.get(operation.id, {"any": 1})
    return st.one_of(
        mutated(sample).map(json.dumps),
        mutated(sample).map(json.dumps),
        st.just(json.dumps(sample)),
        JSON.map(json.dumps),
        TEXT,
        st.sampled_from([None, "[" * 5000, '{"on_hand": 1' + "0" * 5000 + "}"]),
    )


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """A request to one of the routes, or to nowhere."""
    operation = draw(st.sampled_from(OPERATIONS))
    names = operation.path.split("/")[1:]
    parts = [_segment(draw, name, names[0]) for name in names]
    method = draw(st.sampled_from([operation.method] * 5 + ["PATCH"]))
    extra = draw(st.sampled_from([{}, {}, {"version": "1.0"}, {"isBase64Encoded": True}]))
    return proxy_event(
        method,
        "/" + "/".join(parts),
        draw(bodies(operation)),
        query=draw(QUERIES),
        headers=draw(st.one_of(st.none(), HEADERS)),
        caller=draw(IDENTITIES),
        **extra,
    )


def _segment(draw: st.DrawFn, part: str, first: str) -> str:
    work = "default" if first == "rulesets" else "ord_a-1"
    good = {"{order_id}": "ord_a", "{id}": work, "{action}": "reject", "{location_id}": "RENO"}
    if not part.startswith("{"):
        return part
    return draw(st.one_of(st.just(good.get(part, "MUG")), SEGMENT))


def is_a_proper_answer(response: dict[str, Any]) -> None:
    """What must hold of every answer."""
    status, body = response["statusCode"], response["body"]
    body.encode()
    assert status < 500, body
    assert "Traceback" not in body and 'File "' not in body
    kind = response["headers"]["Content-Type"]
    good = {"application/json", "application/yaml"}
    assert kind in (good if status < 300 else {"application/problem+json"})
    if status >= 400:
        found = json.loads(body)
        assert found["status"] == status
        assert {"type", "title", "detail"} <= found.keys()


@pytest.mark.slow
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(event=events())
def test_anything_gets_a_proper_answer(api: Backend, event: dict[str, Any]) -> None:
    is_a_proper_answer(api.function(event["path"]).handler(event, LambdaContext()))


ODD: list[dict[str, Any]] = [
    {},
    {"httpMethod": None, "path": None, "requestContext": None},
    {"httpMethod": "GET", "path": "", "headers": None, "pathParameters": {"proxy": None}},
    {"httpMethod": "GET", "path": "orders", "requestContext": {"authorizer": {}}},
    {"httpMethod": "PUT", "path": "//", "queryStringParameters": {"": None}, "body": ""},
]


@pytest.mark.parametrize("event", ODD)
@pytest.mark.parametrize("first", [*ROUTES, *BELOW_ORDERS, *BELOW_FULFILLMENTS])
def test_an_event_that_is_hardly_one_gets_a_proper_answer(
    api: Backend, first: str, event: dict[str, Any]
) -> None:
    response = api.functions[first].handler(event, LambdaContext())
    is_a_proper_answer(response)
    assert response["statusCode"] in {400, 401, 404}


def test_a_fault_of_ours_is_logged_and_answered_without_a_word_of_it(
    api: Backend, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(api.functions["locations"], "_store", broken)
    response = api.functions["locations"].handler(
        proxy_event("GET", "/locations/RENO"), LambdaContext()
    )
    assert (response["statusCode"], "secret" in response["body"]) == (500, False)
    assert json.loads(response["body"])["type"] == "urn:dom:problem:internal-error"
    assert "ApiFailures" in capsys.readouterr().out
