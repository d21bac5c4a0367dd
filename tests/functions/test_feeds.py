"""Files of stock on the real tables and bucket: dropped, read, held, let through, applied."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any
from urllib.parse import quote_plus

import boto3
import pytest
from dom.api.identity import Identity
from dom.aws import keys
from support.api import Backend, backend
from support.code import ROOT
from support.functions import load_function
from support.http import LambdaContext
from support.tables import REGION

from tools.stand_in import Asked, Told, listening

DROPPED = json.loads((ROOT / "events/s3/file-dropped.json").read_text(encoding="utf-8"))
TESTED = json.loads((ROOT / "events/s3/test.json").read_text(encoding="utf-8"))
OPEN = {
    f"{name}_percent": None
    for name in ("rows", "units", "changed", "emptied", "unknown", "rejected")
}
SOURCE: dict[str, Any] = {"mode": "snapshot", "columns": {"sku": "item"}, "gate": OPEN}
WATCHED = {"emptied_percent": 50, "least": 1, "unknown_percent": None}


class Dock:
    """The functions, the bucket, and what the state machine does between them."""

    def __init__(self, api: Backend) -> None:
        self.api = api
        self.s3 = boto3.client("s3", region_name=REGION)
        self.intake: ModuleType = load_function("feed_intake")
        self.tasks: ModuleType = load_function("feed_tasks")
        self.drops = 0

    def put(self, name: str = "wms", **changes: Any) -> Any:
        reply = self.api.call("PUT", f"/feeds/{name}", {**SOURCE, **changes})
        assert reply.status == 200, reply.json
        return reply.json

    def message(self, key: str, body: str, **metadata: str) -> dict[str, Any]:
        """Drop a file; what S3 tells of it."""
        told = {name.replace("_", "-"): value for name, value in metadata.items()}
        made = self.s3.put_object(Bucket="feeds", Key=key, Body=body.encode(), Metadata=told)
        event = deepcopy(DROPPED)
        at = datetime.now(UTC) - timedelta(minutes=30) + timedelta(seconds=self.drops)
        self.drops += 1
        event["Records"][0]["eventTime"] = at.isoformat(timespec="milliseconds")
        found = event["Records"][0]["s3"]["object"]
        found["key"], found["eTag"] = quote_plus(key, safe="/"), made["ETag"].strip('"')
        return event

    def tell(self, *messages: object) -> list[str]:
        """FeedQueue's messages to feed_intake; the numbers of those that failed."""
        records = [
            {"messageId": str(number), "body": json.dumps(message)}
            for number, message in enumerate(messages)
        ]
        answer = self.intake.handler({"Records": records}, LambdaContext())
        return [one["itemIdentifier"] for one in answer["batchItemFailures"]]

    def executions(self) -> list[dict[str, Any]]:
        """Inputs of the executions that were started, oldest first."""
        client = boto3.client("stepfunctions", region_name=REGION)
        arn = self.api.environment["FEED_STATE_MACHINE_ARN"]
        found = client.list_executions(stateMachineArn=arn)["executions"]
        ordered = sorted(found, key=lambda one: one["startDate"])
        return [
            json.loads(client.describe_execution(executionArn=one["executionArn"])["input"])
            for one in ordered
        ]

    def play(self, told: dict[str, Any]) -> dict[str, Any]:
        """An execution, as statemachines/feed.asl.json has it."""
        if not told["approved"]:
            prepared = self.take("prepare", told)
            if prepared["over"]:
                return prepared
            for item in self.items(told):
                self.take("look", item)
            weighed = self.take("weigh", told)
            if weighed["over"]:
                return weighed
        for item in self.items(told):
            self.take("apply", item)
        return self.take("report", told)

    def take(self, step: str, told: dict[str, Any], **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.tasks.handler({"step": step, **told, **more}, LambdaContext())
        return found

    def items(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        key = f"runs/{told['source']}/{told['run_id']}/items.json"
        found: list[dict[str, Any]] = json.loads(
            self.s3.get_object(Bucket="feeds", Key=key)["Body"].read()
        )
        return found

    def drop(self, body: str, name: str = "stock.csv", **metadata: str) -> Any:
        """Drop a file of wms, play it to its end, and ask the API what became of it."""
        assert self.tell(self.message(f"in/wms/{name}", body, **metadata)) == []
        self.play(self.executions()[-1])
        return self.api.call("GET", f"/feeds/wms/runs/{self.executions()[-1]['run_id']}").json

    def on_hand(self, sku: str) -> dict[str, int]:
        found = self.api.call("GET", f"/inventory/{sku}").json["positions"]
        return {one["location_id"]: one["on_hand"] for one in found}


@pytest.fixture
def dock() -> Iterator[Dock]:
    with backend() as made:
        made.put_location("RENO")
        made.put_location("BOSTON")
        yield Dock(made)


def text(*rows: str) -> str:
    return "\n".join(["item,location_id,quantity", *rows, ""])


def document(dock: Dock, sku: str) -> None:
    """What the projector would have written."""
    item = {**keys.availability(sku), "sku": sku, "locations": dock.on_hand(sku), "version": 1}
    dock.api.put_item("INVENTORY_TABLE", item)


def test_a_dropped_file_becomes_stock(dock: Dock) -> None:
    # GIVEN
    assert dock.put()["drop_at"] == "in/wms/"
    # WHEN
    run = dock.drop(text("MUG,RENO,5", "MUG,BOSTON,6", "CUP,RENO,x"), "stock of today, caf\xe9.csv")
    # THEN
    assert (run["status"], run["file"]) == ("applied", "in/wms/stock of today, caf\xe9.csv")
    assert (run["tally"]["accepted"], run["tally"]["rejected"]) == (2, 1)
    document(dock, "MUG")
    assert dock.on_hand("MUG") == {"RENO": 5, "BOSTON": 6}
    where = {"location_id": "RENO"}
    movements = dock.api.call("GET", "/inventory/MUG/movements", query=where).json["movements"]
    assert [(one["cause"], one["actor"]) for one in movements] == [("snapshot", "feed wms")]
    assert movements[0]["references"][0]["source"] == "wms"
    # AND who may see the run may open the rows that were not used
    assert f"runs/wms/{run['run_id']}/rejects.csv" in run["rejects"]
    key = f"runs/wms/{run['run_id']}/rejects.csv"
    body = dock.s3.get_object(Bucket="feeds", Key=key)["Body"].read().decode()
    assert body.splitlines() == [
        "line,field,reason,text",
        "4,quantity,it is not a whole number of units,x",
    ]


def test_a_held_file_waits_until_a_person_decides(dock: Dock) -> None:
    dock.put()
    dock.drop(text("MUG,RENO,5", "CUP,RENO,5"))
    dock.put(gate={**OPEN, **WATCHED})
    runs = [dock.drop(text("MUG,RENO,0", "CUP,RENO,0", f"POT,RENO,{n}")) for n in (1, 2)]
    assert [one["status"] for one in runs] == ["held", "held"]
    assert runs[0]["reasons"] == ["2 of 3 positions are emptied: over 50 %"]
    # WHEN one is let through, twice, and the other is not
    path = "/feeds/wms/runs/" + runs[0]["run_id"]
    first, again = (dock.api.call("POST", f"{path}/approve") for _ in range(2))
    other = dock.api.call("POST", f"/feeds/wms/runs/{runs[1]['run_id']}/dismiss")
    # THEN it is started once
    assert (first.status, first.json["status"], again.json["status"]) == (
        202,
        "applying",
        "applying",
    )
    assert (other.status, other.json["status"]) == (200, "dismissed")
    assert [one["approved"] for one in dock.executions()] == [False, False, False, True]
    dock.play(dock.executions()[-1])
    done = dock.api.call("GET", path).json
    assert (done["status"], bool(done["decided_by"])) == ("applied", True)
    document(dock, "POT")
    assert dock.on_hand("POT") == {"RENO": 1}
    assert dock.api.call("POST", f"{path}/dismiss").status == 409
    assert dock.api.call("POST", f"/feeds/wms/runs/{runs[1]['run_id']}/approve").status == 409


def test_runs_are_listed_newest_first_page_by_page(
    dock: Dock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dom.aws.feed_store.PAGE", 2)
    dock.put()
    made = [dock.drop(text(f"MUG,RENO,{n}"), f"{n}.csv")["run_id"] for n in range(5)]
    found: list[str] = []
    query: dict[str, str] = {}
    while True:
        page = dock.api.call("GET", "/feeds/wms/runs", query=query).json
        found += [one["run_id"] for one in page["runs"]]
        if page["next"] is None:
            break
        query = {"next": page["next"]}
    assert found == made[::-1]
    assert dock.api.call("GET", "/feeds/wms/runs", query={"next": "x"}).status == 400


def test_s3_may_tell_of_a_file_twice(dock: Dock) -> None:
    dock.put(mode="delta")
    message = dock.message("in/wms/a.csv", text("MUG,RENO,5"))
    assert dock.tell(message, message) == []
    (told,) = dock.executions()
    assert (dock.play(told)["status"], dock.play(told)["status"]) == ("applied", "applied")
    document(dock, "MUG")
    assert dock.on_hand("MUG") == {"RENO": 5}


def test_the_same_changes_are_not_counted_again(dock: Dock) -> None:
    dock.put(mode="delta")
    first = dock.drop(text("MUG,RENO,5"))
    again = dock.drop(text("MUG,RENO,5"), "again.csv")
    assert (again["status"], first["run_id"] in again["reasons"][0]) == ("refused", True)
    document(dock, "MUG")
    assert dock.on_hand("MUG") == {"RENO": 5}


def test_a_message_that_cannot_be_placed_fails_alone(dock: Dock) -> None:
    dock.put()
    failed = dock.tell(
        TESTED,
        dock.message("in/nobody/a.csv", "x"),
        dock.message("in/wms/a.csv", text("MUG,RENO,5")),
        dock.message("in/wms/", ""),
        dock.message("in/a.csv", "x"),
        {"no": "message of S3"},
    )
    assert failed == ["1", "4", "5"]
    assert len(dock.executions()) == 1


def test_a_file_that_is_gone_or_replaced_is_refused(dock: Dock) -> None:
    dock.put()
    dock.tell(dock.message("in/wms/a.csv", text("MUG,RENO,5")))
    dock.s3.put_object(Bucket="feeds", Key="in/wms/a.csv", Body=text("MUG,RENO,6").encode())
    assert dock.play(dock.executions()[-1])["status"] == "refused"
    dock.tell(dock.message("in/wms/b.csv", text("MUG,RENO,5")))
    dock.s3.delete_object(Bucket="feeds", Key="in/wms/b.csv")
    told = dock.executions()[-1]
    assert dock.play(told)["status"] == "refused"
    reasons = dock.api.call("GET", f"/feeds/wms/runs/{told['run_id']}").json["reasons"]
    assert reasons == ["file: it was removed before it was read"]


def test_a_step_that_failed_is_noted_and_can_be_gone_on_with(dock: Dock) -> None:
    dock.put()
    dock.tell(dock.message("in/wms/a.csv", text("MUG,RENO,5")))
    told = dock.executions()[-1]
    dock.take("prepare", told)
    assert dock.take("fail", told, error="Busy")["status"] == "failed"
    path = f"/feeds/wms/runs/{told['run_id']}"
    assert dock.api.call("GET", path).json["reasons"] == ["Busy"]
    assert dock.api.call("POST", f"{path}/approve").status == 202
    assert dock.play(dock.executions()[-1])["status"] == "applied"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mode": "all"}, "mode"),
        ({"columns": {"price": "p"}}, "columns"),
        ({"columns": {"sku": "a", "quantity": "a"}}, "body"),
        ({"delimiter": ";;"}, "delimiter"),
        ({"delimiter": '"'}, "delimiter"),
        ({"encoding": "klingon"}, "encoding"),
        ({"encoding": "base64"}, "encoding"),
        ({"encoding": "idna"}, "encoding"),
        ({"mode": "delta", "complete": True}, "body"),
        ({"location_id": "A", "locations": {"x": "A"}}, "body"),
        ({"location_id": "A/B"}, "location_id"),
        ({"locations": {"x": "A/B"}}, "locations.x"),
        ({"gate": {"rows_percent": -1}}, "gate.rows_percent"),
        ({"gate": {"row_percent": 1}}, "gate.row_percent"),
        ({"more": 1}, "more"),
        ({"pull": {"url": "http://vendor.example"}}, "pull.url"),
        ({"pull": {"url": "https://v.example", "every_minutes": 1}}, "pull.every_minutes"),
        ({"pull": {"url": "https://v.example", "items": "rows"}}, "body"),
    ],
)
def test_a_source_that_cannot_be_is_refused_by_its_field(
    dock: Dock, changes: dict[str, Any], field: str
) -> None:
    reply = dock.api.call("PUT", "/feeds/wms", {**SOURCE, **changes})
    assert reply.status == 400
    assert str(reply.json["errors"][0]["field"]).startswith(field), reply.json


def test_sources_are_kept_listed_and_removed(dock: Dock) -> None:
    made = dock.put(delimiter="\t", encoding="cp1252", gate={"rows_percent": 7})
    assert (made["version"], made["gate"]["rows_percent"], made["gate"]["least"]) == (1, 7, 20)
    assert dock.put(delimiter="\t", encoding="cp1252", gate={"rows_percent": 7})["version"] == 1
    assert dock.api.call("GET", "/feeds/wms").json == made
    assert [one["source"] for one in dock.api.call("GET", "/feeds").json["feeds"]] == ["wms"]
    assert dock.api.call("DELETE", "/feeds/wms").json == made
    assert dock.api.call("GET", "/feeds/wms").status == 404
    assert dock.api.call("PUT", "/feeds/a%20b", SOURCE).status == 400
    assert dock.api.call("GET", "/feeds/wms/runs/x").status == 404


def test_a_source_that_is_asked_becomes_a_file_with_its_time(
    dock: Dock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GIVEN a vendor whose address and key are in the secret
    monkeypatch.setenv("SECRETS_PREFIX", "dom/feeds")
    puller = load_function("feed_puller")
    asked: list[Asked] = []

    def answer(one: Asked) -> Told:
        asked.append(one)
        return Told(200, {"rows": [{"item": "MUG", "location_id": "RENO", "quantity": 5}]})

    how = {"url": "https://vendor.example/stock", "every_minutes": 60, "items": "rows"}
    made = dock.put(format="ndjson", pull=how)
    assert made["pull"] == {**how, "following": "", "cursor": ""}
    with listening(answer) as url:
        secret = {"headers": {"X-Key": "k"}, "url": f"{url}/stock"}
        boto3.client("secretsmanager", region_name=REGION).create_secret(
            Name="dom/feeds/wms", SecretString=json.dumps(secret)
        )
        # WHEN it is asked, and again before its time, and again since a person wants it
        counts = [puller.handler({}, LambdaContext()) for _ in range(2)]
        told = dock.api.call("POST", "/feeds/wms/pull")
        counts.append(puller.handler({}, LambdaContext()))
    # THEN
    assert [one["asked"] for one in counts] == [1, 0, 1]
    assert told.status == 202 and told.json["pulled"]["failures"] == 0
    assert [one.headers["x-key"] for one in asked] == ["k", "k"]
    found = dock.s3.list_objects_v2(Bucket="feeds", Prefix="in/wms/pull-")["Contents"]
    head = dock.s3.head_object(Bucket="feeds", Key=found[0]["Key"])
    assert "as-of" in head["Metadata"]
    # AND one that does not answer says why
    assert dock.api.call("POST", "/feeds/wms/pull").status == 202
    monkeypatch.setattr("dom.inventory.files.pages.TRIES", 1)
    assert puller.handler({}, LambdaContext()) == {"asked": 1}
    pulled = dock.api.call("GET", "/feeds/wms").json["pulled"]
    assert (pulled["failures"], "no answer" in pulled["reason"]) == (1, True)
    dock.put(format="ndjson")
    assert dock.api.call("POST", "/feeds/wms/pull").status == 409


def test_feeds_are_for_tokens_of_all_locations_with_the_scope(dock: Dock) -> None:
    store = Identity("store", frozenset({"feeds:write"}), frozenset({"RENO"}))
    reader = Identity("reader", frozenset({"feeds:read"}))
    assert dock.api.call("PUT", "/feeds/wms", SOURCE, caller=store).status == 403
    assert dock.api.call("PUT", "/feeds/wms", SOURCE, caller=reader).status == 403
    assert dock.api.call("GET", "/feeds", caller=reader).status == 200
