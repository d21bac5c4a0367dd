"""Carriers' hooks all the way: through the door, the queue and the parser, whatever they say."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from dom.aws.inbound import InboundReader, InboundSender
from dom.channels import aftership, channel, easypost, fedex, shippo, usps
from dom.errors import InvalidInput, Unauthenticated
from dom.intake.receive import receive
from dom.model.facts import ReturnNews, Scans, SeenOrder
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders import NOW
from support.code import ROOT
from support.mutations import mutated
from support.rsa_keys import jwks, signed

SECRET = "secret"
AT = "1772701960"


def of_usps(body: bytes) -> Mapping[str, str]:
    """Signs what it can find to sign."""
    try:
        told = json.loads(body)
        return {"x-hmac": usps.signature(SECRET, told["timestamp"], told["payload"])}
    except (KeyError, TypeError):
        return {"x-hmac": usps.signature(SECRET, "", "")}


def of_shipstation(body: bytes) -> Mapping[str, str]:
    return {
        "x-shipengine-rsa-sha256-signature": signed("vendor", f"{AT}.".encode() + body),
        "x-shipengine-timestamp": AT,
    }


# By channel and sample: the headers with which its carrier speaks.
CARRIERS: Mapping[tuple[str, str], Callable[[bytes], Mapping[str, str]]] = {
    ("aftership", "tracking-update"): lambda body: {
        "aftership-hmac-sha256": aftership.signature(SECRET, body)
    },
    ("easypost", "tracker-updated"): lambda body: {
        "x-hmac-signature": easypost.signature(SECRET, body)
    },
    ("fedex", "track"): lambda body: {"fdx-signature": fedex.signature(SECRET, body)},
    ("shippo", "track-updated"): lambda body: {
        "shippo-auth-signature": shippo.signature(SECRET, AT, body)
    },
    ("shipstation", "track-event"): of_shipstation,
    ("shipstation", "ship-notify"): lambda body: {"x-dom-secret": SECRET},
    ("ups", "tracking-event"): lambda body: {"credential": SECRET},
    ("usps", "tracking"): of_usps,
}


@dataclass(frozen=True)
class Hook:
    """What came to the door."""

    channel: str
    headers: Mapping[str, str]
    body: bytes
    account: str = "main"


class Secrets:
    """Those of any account."""

    def get(self, channel: str, account: str) -> list[str]:
        return ["older", SECRET, jwks("vendor")]

    renewed = get


@dataclass
class Queue:
    """What waits."""

    messages: list[str] = field(default_factory=list)

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:
        MessageBody.encode()  # SQS takes UTF-8
        self.messages.append(MessageBody)


def through(name: str, body: Any, sign: Callable[[bytes], Mapping[str, str]]) -> object:
    """What is told of a body in the end."""
    raw, queue = json.dumps(body).encode(), Queue()
    sender = InboundSender(queue, None, "", "")
    receive(Hook(name, sign(raw), raw), channel(name), Secrets(), sender, NOW)
    (message,) = queue.messages
    event = InboundReader(None, "").read(message)
    return channel(event.channel).parse(event.topic, event.account, event.body)


def sample(name: str, kind: str) -> Any:
    return json.loads((ROOT / "events" / name / f"{kind}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("carrier", CARRIERS, ids=str)
def test_what_a_carrier_says_arrives(carrier: tuple[str, str]) -> None:
    told = through(carrier[0], sample(*carrier), CARRIERS[carrier])
    assert isinstance(told, (ReturnNews, Scans, SeenOrder))


@pytest.mark.parametrize("carrier", CARRIERS, ids=str)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_whatever_it_says_is_refused_taken_or_parked_with_a_named_field(
    carrier: tuple[str, str], data: st.DataObject
) -> None:
    name, kind = carrier
    body = data.draw(mutated(sample(name, kind)))
    reason: object = ""
    try:
        told = through(name, body, CARRIERS[carrier])
    except Unauthenticated:
        reason = "401"
    except InvalidInput as parked:
        reason = parked.field
    else:
        assert told is None or isinstance(told, (ReturnNews, Scans, SeenOrder))
        return
    assert reason
