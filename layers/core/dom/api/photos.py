"""Photos of returns in the API: a signed upload, and what a photo's key may be."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from dom.api.operation import Operation

# What `dom.aws.photos` hands out: a key of another kind is nobody's photo.
KEY = r"^photos/[0-9a-f]{32}\.(jpg|png|webp|heic)$"
PhotoKey = Annotated[str, Field(pattern=KEY)]


class PhotoBody(BaseModel):
    """What is to be uploaded."""

    content_type: Literal["image/jpeg", "image/png", "image/webp", "image/heic"] = "image/jpeg"


class UploadView(TypedDict):
    """A form to post the file with, as the last field `file`, until `expires_at`.

    At most 10 MB and of the type that was asked for. `key` then stands in `photos` of a return.
    """

    key: str
    url: str
    fields: dict[str, Any]
    expires_at: str


POST_PHOTO = Operation(
    "postReturnPhoto",
    "POST",
    "/return-photos",
    "returns:write",
    "A signed upload for a photo of goods that come back.",
    UploadView,
    body=PhotoBody,
    success=201,
)
OPERATIONS = (POST_PHOTO,)
