"""News of returns on their way to whoever carries them out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.codec import to_plain
from dom.errors import Busy
from dom.model.facts import ReturnNews


@dataclass(frozen=True, slots=True)
class NewsQueue:
    """`dom.intake.ports.News` on SQS."""

    sqs: Any
    url: str

    def send(self, news: ReturnNews) -> None:
        """One message. Busy if SQS did not take it."""
        try:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=json.dumps(to_plain(news)))
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"news of a return were not sent: {type(error).__name__}") from error
