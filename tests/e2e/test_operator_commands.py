"""What operators do to a running stack: replay what was parked, redrive what was given up."""

from __future__ import annotations

import json
import uuid
from typing import Any

from support.asking import until
from support.world import World, shopify_order

from tools.redrive import redrive
from tools.replay import Parked
from tools.stack import Stack


def of(world: World) -> Stack:
    """The stack as operator commands see it."""
    return Stack(world.stack["stack"], world.stack["endpoint"], world.stack["region"])


def first_record(stack: Stack, table: str) -> dict[str, str]:
    """Where the oldest record of a table's stream stands, as a dead letter says it."""
    streams = stack.client("dynamodbstreams")
    (stream,) = streams.list_streams(TableName=stack.resource(table))["Streams"]
    arn = stream["StreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    record = streams.get_records(ShardIterator=iterator, Limit=1)["Records"][0]["dynamodb"]
    number = record["SequenceNumber"]
    start, end = {"startSequenceNumber": number}, {"endSequenceNumber": number}
    return {"streamArn": arn, "shardId": shard, **start, **end}


def test_a_batch_of_a_stream_that_was_given_up_is_read_again_and_done(
    stack: dict[str, Any],
) -> None:
    # GIVEN stock, and a dead letter that points at a record of it
    world = World(stack)
    aws = of(world)
    world.stock(world.sku(), {world.location("REDRIVE"): 3})
    letter = {"DDBStreamBatchInfo": first_record(aws, "InventoryTable")}
    aws.client("sqs").send_message(
        QueueUrl=aws.resource("InventoryStreamDlq"), MessageBody=json.dumps(letter)
    )
    # WHEN it is redriven
    ends = redrive(aws, "InventoryStreamDlq")
    # THEN the deployed function has done it
    assert ends == {"handed to AvailabilityProjectorFunction": 1}
    assert world.back.dead_letters() == {}


def test_a_parked_payload_that_is_replayed_too_early_is_parked_again_and_not_lost(
    stack: dict[str, Any],
) -> None:
    # GIVEN a signed payload that nobody can parse
    world = World(stack)
    parked, delivery = Parked(of(world)), str(uuid.uuid4())
    poison = {**shopify_order((world.sku(), 1)), "line_items": "none"}
    world.deliver(poison, webhook_id=delivery)
    (record,) = until(lambda: world.back.parked(delivery), bool)
    digest = record["key"]["S"].removeprefix("parked#")
    assert "line_items" in dict(parked.waiting())[digest]
    # WHEN it is replayed although nothing was fixed
    parked.replay(digest)
    # THEN it is parked again
    until(lambda: dict(parked.waiting()), lambda found: digest in found)
