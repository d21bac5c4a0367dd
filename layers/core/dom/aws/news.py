"""News of returns and of parcels on their way to whoever carries them out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dom.aws.codec import to_plain
from dom.errors import Busy
from dom.model.facts import ReturnEvent, ReturnNews


@dataclass(frozen=True, slots=True)
class NewsQueue:
    """`dom.intake.ports.News` on SQS."""

    sqs: Any
    returns_url: str
    changes_url: str

    def send(self, news: ReturnNews) -> None:
        """One message; scans to both: who does not know the parcel lets it pass.

        Busy if SQS did not take all of it: the repeat is harmless.
        """
        body = json.dumps(to_plain(news))
        urls = [self.returns_url]
        if news.event is ReturnEvent.SCANNED:
            urls.append(self.changes_url)
        try:
            for url in urls:
                self.sqs.send_message(QueueUrl=url, MessageBody=body)
        except (BotoCoreError, ClientError) as error:
            raise Busy(f"news of a return were not sent: {type(error).__name__}") from error
