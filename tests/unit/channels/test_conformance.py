"""What every channel owes: of each of its samples, and of whatever comes that is nearly one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from dom.channels import CHANNELS, channel
from dom.channels.feeds import reader_of
from dom.errors import InvalidInput, NotFound, Unauthenticated
from dom.model.facts import Erasure, Facts, ReturnNews, Scans, SeenOrder
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW
from support.code import ROOT
from support.mutations import JSON, mutated

# By channel: each kind of body that it reads, and the topic under which it comes.
SAMPLES: Mapping[str, Mapping[str, str]] = {
    "aftership": {"tracking-update": "tracking_update"},
    "amazon": {
        "order": "order",
        "order-pending": "order",
        "order-v0": "order",
        "order-change": "ORDER_CHANGE",
    },
    "api": {"order": "orders/create"},
    "bigcommerce": {
        "order": "order",
        "order-updated": "store/order/updated",
        "shipment-created": "store/shipment/created",
    },
    "easypost": {"tracker-updated": "tracker.updated"},
    "fedex": {"track": "track"},
    "magento": {
        "order": "order",
        "order-saved": "order/changed",
        "shipment-saved": "order/changed",
    },
    "shippo": {"track-updated": "track_updated"},
    "shipstation": {
        "track-event": "TRACK_EVENT_V2",
        "ship-notify": "SHIP_NOTIFY",
        "shipped": "shipped",
    },
    "shopify": {
        "orders-create": "orders/create",
        "orders-updated": "orders/updated",
        "orders-edited": "orders/edited",
        "orders-cancelled": "orders/cancelled",
        "orders-paid": "orders/paid",
        "refunds-create": "refunds/create",
        "returns-request": "returns/request",
    },
    "ups": {"tracking-event": "TrackingEvent"},
    "usps": {"tracking": "TRACKING"},
    "walmart": {"order": "order", "po-created": "PO_CREATED"},
    "woocommerce": {
        "order-created": "order.created",
        "order-cancelled": "order.updated",
        "order-pickup-jpy": "order.updated",
    },
}
CASES = [(name, sample) for name, samples in SAMPLES.items() for sample in samples]
ACCOUNT = "acme.example"
KNOWN = (Facts, ReturnNews, Scans, Erasure, SeenOrder)


def body_of(name: str, sample: str) -> Any:
    return json.loads((ROOT / "events" / name / f"{sample}.json").read_text(encoding="utf-8"))


def parse(name: str, sample: str, body: object) -> object:
    return channel(name).parse(SAMPLES[name][sample], ACCOUNT, encoded(body))


def encoded(body: object) -> bytes:
    return json.dumps(body).encode("utf-8", "surrogatepass")


def told_or_field(name: str, topic: str, raw: bytes) -> object:
    """What the body tells, or the field that it is refused for; any other exception is a bug."""
    try:
        return channel(name).parse(topic, ACCOUNT, raw)
    except InvalidInput as refused:
        return refused.field


def test_every_channel_has_samples_here() -> None:
    assert set(SAMPLES) == set(CHANNELS)


@pytest.mark.parametrize(("name", "sample"), CASES)
def test_a_sample_is_understood_and_always_alike(name: str, sample: str) -> None:
    body = body_of(name, sample)

    told = parse(name, sample, body)

    assert isinstance(told, KNOWN)
    assert parse(name, sample, body) == told
    if isinstance(told, Facts):
        assert told.channel != ""
        assert told.at.tzinfo is not None


@pytest.mark.parametrize(("name", "sample"), CASES)
def test_fields_that_a_new_version_adds_change_nothing(name: str, sample: str) -> None:
    body = body_of(name, sample)

    assert parse(name, sample, _grown(body)) == parse(name, sample, body)


def _grown(value: object) -> object:
    if isinstance(value, dict):
        return {**{key: _grown(one) for key, one in value.items()}, "zz_new": {"a": [1, None]}}
    return [_grown(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "sample"), CASES)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_body_with_anything_wrong_is_understood_or_refused_by_a_named_field(
    name: str, sample: str, data: st.DataObject
) -> None:
    body = data.draw(mutated(body_of(name, sample)))

    told = told_or_field(name, SAMPLES[name][sample], encoded(body))

    assert told is None or (isinstance(told, (str, *KNOWN)) and told)


@pytest.mark.parametrize(("name", "sample"), CASES)
@pytest.mark.parametrize("number", ["1E+999999999", "1E-999999999", "0E+999999999", "1e400"])
def test_a_number_of_a_billion_digits_costs_nothing(name: str, sample: str, number: str) -> None:
    # As an integer it would take minutes and all memory: one signed body could stop everybody's.
    for place in _leaves(body_of(name, sample)):
        raw = json.dumps(_with(body_of(name, sample), place, "@")).replace('"@"', number)
        told = told_or_field(name, SAMPLES[name][sample], raw.encode())
        assert told is None or isinstance(told, (str, *KNOWN))


def _leaves(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner: Iterable[tuple[Any, object]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        yield path
    for key, one in inner:
        yield from _leaves(one, (*path, key))


def _with(body: Any, path: tuple[Any, ...], value: object) -> Any:
    place = body
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return body


@pytest.mark.parametrize("name", sorted(CHANNELS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_no_body_of_it_is_refused_by_a_named_field(name: str, data: st.DataObject) -> None:
    topic = data.draw(st.sampled_from(sorted(SAMPLES[name].values())))
    raw = data.draw(st.binary(max_size=40) | JSON.map(encoded))

    told = told_or_field(name, topic, raw)

    assert told is None or (isinstance(told, (str, *KNOWN)) and told)


# Bodies of our own API have one topic.
@pytest.mark.parametrize("name", sorted(set(CHANNELS) - {"api"}))
def test_a_topic_of_tomorrow_does_not_concern_us(name: str) -> None:
    assert channel(name).parse("brand/new", ACCOUNT, b"{}") is None


@pytest.mark.parametrize("name", sorted(CHANNELS))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_stranger_is_refused_whatever_the_headers_say(name: str, data: st.DataObject) -> None:
    known = [
        "x-shopify-hmac-sha256",
        "x-wc-webhook-signature",
        "x-walmart-signature",
        "x-dom-signature",
        "x-dom-secret",
        "webhook-signature",
        "x-adobe-commerce-webhook-signature",
        "x-hmac-signature",
        "shippo-auth-signature",
        "aftership-hmac-sha256",
        "x-shipengine-rsa-sha256-signature",
        "x-shipengine-timestamp",
        "credential",
        "fdx-signature",
        "x-hmac",
        "hmac-header",
        "authorization",
    ]
    headers = data.draw(
        st.dictionaries(st.sampled_from([*known, "x-other"]), st.text(max_size=60), max_size=4)
    )
    secrets = data.draw(st.sampled_from([[], ["secret"], ["secret", "older"]]))
    with pytest.raises((Unauthenticated, NotFound)):
        channel(name).verify(headers, b'{"any": 1}', ACCOUNT, secrets, NOW)


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_what_a_channel_only_names_can_be_read_from_it(name: str) -> None:
    # A channel whose events only name something must have the API that they are read from.
    only_named = [
        sample
        for sample in SAMPLES[name]
        if isinstance(parse(name, sample, body_of(name, sample)), SeenOrder)
    ]
    assert not only_named or reader_of(name) is not None
