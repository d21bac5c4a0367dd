"""Give dead letters back to what could not handle them.

Safe to repeat, since every consumer is idempotent.

Messages of queues go back to their queue. A stream's dead letters hold positions in the stream, not
records: these are read again, which the stream allows for 24 hours, and handed to the function.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dom.aws.subscription_store import SubscriptionStore

from tools.console import say
from tools.stack import Stack, add_stack_option, chosen
from tools.stream_batch import hand_over

# Returns what became of the message; raising leaves it where it is.
Handle = Callable[[Stack, Mapping[str, Any]], str]
# Longer than a run takes: what is left there must not come round again before the rest was seen.
HIDDEN_SECONDS = 3600


def _to_queue(name: str) -> Handle:
    def send(stack: Stack, message: Mapping[str, Any]) -> str:
        stack.client("sqs").send_message(QueueUrl=stack.resource(name), MessageBody=message["Body"])
        return f"sent to {name}"

    return send


def _to_function(name: str) -> Handle:
    def invoke(stack: Stack, message: Mapping[str, Any]) -> str:
        return hand_over(stack, name, message["Body"])

    return invoke


def _to_target(stack: Stack, message: Mapping[str, Any]) -> str:
    """The bus says with each event whose queue it could not reach."""
    attributes = message.get("MessageAttributes", {})
    name = attributes.get("TARGET_ARN", {}).get("StringValue", "").rpartition(":")[2]
    if not name:
        raise RuntimeError("it does not say which queue it was for")
    sqs = stack.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=message["Body"])
    return f"sent to {name}"


def _to_subscriber(stack: Stack, message: Mapping[str, Any]) -> str:
    """What is for one that is paused would only come back."""
    try:
        name = json.loads(message["Body"]).get("subscription_id")
    except ValueError:
        raise RuntimeError("it is not JSON") from None
    if name:
        table = stack.resource("NetworkTable")
        found = SubscriptionStore(stack.client("dynamodb"), table).find(name)
        if found is None:
            return "dropped: its subscription is gone"
        if not found.active:
            raise RuntimeError("its subscription is paused")
    return _to_queue("WebhookQueue")(stack, message)


def _drop(stack: Stack, message: Mapping[str, Any]) -> str:
    return "dropped: the next sweep does its work"


HANDLERS: Mapping[str, Handle] = {
    "InboundDlq": _to_queue("InboundQueue"),
    "FetchDlq": _to_queue("FetchQueue"),
    "RoutingDlq": _to_queue("RoutingQueue"),
    "ChangesDlq": _to_queue("ChangesQueue"),
    "SupplierDlq": _to_queue("SupplierQueue"),
    "ReturnsDlq": _to_queue("ReturnsQueue"),
    "NotifyDlq": _to_queue("NotifyQueue"),
    "ConfirmDlq": _to_queue("ConfirmQueue"),
    "StockDlq": _to_queue("StockQueue"),
    "WebhookDlq": _to_subscriber,
    "FeedDlq": _to_queue("FeedQueue"),
    "PartnerDlq": _to_queue("PartnerQueue"),
    "EventsDlq": _to_target,
    "OrdersStreamDlq": _to_function("StreamRelayFunction"),
    "NetworkStreamDlq": _to_function("StreamRelayFunction"),
    "InventoryStreamDlq": _to_function("AvailabilityProjectorFunction"),
    "SchedulerDlq": _drop,
}


def redrive(stack: Stack, name: str) -> Counter[str]:
    """Empty one dead-letter queue; returns how many messages met which end."""
    sqs, url, ends = stack.client("sqs"), stack.resource(name), Counter[str]()
    left: list[str] = []
    try:
        for message in _messages(sqs, url):
            try:
                ends[HANDLERS[name](stack, message)] += 1
            except RuntimeError as error:
                ends[f"left there: {error}"] += 1
                left.append(message["ReceiptHandle"])
                continue
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    finally:
        for receipt in left:
            sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
    return ends


def _messages(sqs: Any, url: str) -> Iterator[Mapping[str, Any]]:
    """Each message once; what is not deleted comes back when its time of hiding is over."""
    seen: set[str] = set()
    while batch := sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=HIDDEN_SECONDS,
        MessageAttributeNames=["TARGET_ARN"],
    ).get("Messages"):
        new = [message for message in batch if message["MessageId"] not in seen]
        if not new:
            return
        seen.update(message["MessageId"] for message in new)
        yield from new


def main() -> None:
    """Redrive the named dead-letter queues, or all."""
    parser = argparse.ArgumentParser(prog="python -m tools.redrive", description=__doc__)
    parser.add_argument(
        "queue", nargs="*", help=f"which (default: only count): {', '.join([*HANDLERS, 'all'])}"
    )
    add_stack_option(parser)
    arguments = parser.parse_args()
    unknown = set(arguments.queue) - {*HANDLERS, "all"}
    if unknown:
        parser.error(f"no dead-letter queue: {', '.join(sorted(unknown))}")
    stack = chosen(arguments)
    if not arguments.queue:
        return _count(stack)
    left = 0
    for name in HANDLERS if "all" in arguments.queue else arguments.queue:
        ends = redrive(stack, name)
        say(f"{name}: " + ("; ".join(f"{n} {end}" for end, n in ends.items()) or "empty"))
        left += sum(n for end, n in ends.items() if end.startswith("left"))
    raise SystemExit(1 if left else 0)


def _count(stack: Stack) -> None:
    sqs, attribute = stack.client("sqs"), "ApproximateNumberOfMessages"
    for name in HANDLERS:
        answer = sqs.get_queue_attributes(QueueUrl=stack.resource(name), AttributeNames=[attribute])
        say(f"{answer['Attributes'][attribute]:>6}  {name}")


if __name__ == "__main__":
    main()
