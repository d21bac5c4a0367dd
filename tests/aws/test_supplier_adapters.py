"""Suppliers' files in S3 and keys in Secrets Manager: read as they are, or said why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from dom.aws import dropped_files
from dom.aws.answer_files import AnswerFiles, answer_files_of, left_of
from dom.aws.supplier_outside import SupplierKeys
from dom.errors import Busy, InvalidInput, Rejected
from dom.fulfillment.dropship.hear import AnswerFile
from moto import mock_aws
from support.tables import REGION


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        boto3.client("s3", region_name=REGION).create_bucket(Bucket="feeds")
        yield lambda name: boto3.client(name, region_name=REGION)


def dropped(aws: Any, body: bytes) -> AnswerFile:
    put = aws("s3").put_object(Bucket="feeds", Key="answers/RENO/x.csv", Body=body)
    return AnswerFile("answers/RENO/x.csv", put["ETag"].strip('"'))


def test_a_file_is_read_as_it_was_told_of_and_not_as_another(aws: Any) -> None:
    files = AnswerFiles(aws("s3"), "feeds")
    first = dropped(aws, "Zoë".encode())
    assert files.read(first) == "Zoë"
    second = dropped(aws, b"other")
    assert (files.read(first), files.read(second)) == (None, "other")
    aws("s3").delete_object(Bucket="feeds", Key=second.key)
    assert files.read(second) is None


def test_what_is_no_text_or_too_much_of_it_is_refused(
    aws: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = AnswerFiles(aws("s3"), "feeds")
    with pytest.raises(InvalidInput, match="UTF-8"):
        files.read(dropped(aws, b"\xff\xfe"))
    monkeypatch.setattr(dropped_files, "MOST_BYTES", 10)
    with pytest.raises(InvalidInput, match="10 bytes"):
        files.read(dropped(aws, b"x" * 11))


def test_a_bucket_that_does_not_answer_is_busy(aws: Any) -> None:
    with pytest.raises(Busy):
        AnswerFiles(aws("s3"), "nowhere").read(AnswerFile("answers/RENO/x.csv", "e"))


def test_what_is_left_of_a_file_goes_on_as_a_message() -> None:
    file = AnswerFile("answers/RENO/a b.csv", "e", 7)
    assert answer_files_of(left_of(file)) == [file]
    assert answer_files_of({"Event": "s3:TestEvent"}) == []


def test_a_key_is_read_each_time_and_may_say_where_to(aws: Any) -> None:
    secrets, keys = aws("secretsmanager"), SupplierKeys(aws("secretsmanager"), "dom/suppliers")
    with pytest.raises(Rejected, match="no secret dom/suppliers/RENO"):
        keys.endpoint("RENO", "https://a.example")
    secrets.create_secret(Name="dom/suppliers/RENO", SecretString='{"secret": "s", "key_id": "k"}')
    found = keys.endpoint("RENO", "https://a.example")
    assert (found.url, found.key.secret, found.key.id) == ("https://a.example", "s", "k")
    more = '{"secret": "t", "url": "https://b.example"}'
    secrets.put_secret_value(SecretId="dom/suppliers/RENO", SecretString=more)
    found = keys.endpoint("RENO", "https://a.example")
    assert (found.url, found.key.secret, found.key.id) == ("https://b.example", "t", "")
