"""What pages send of themselves, beside what people type into them.

Its shape is declared, and what has another comes from no page of the desk: it is answered by 400
wherever it is read (`_explain` in `admin`).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from admin.fields import MOST_ID

Id = Annotated[int, Field(ge=1, le=MOST_ID)]


class Sent(BaseModel):
    """Something that a page sends.

    :raises pydantic.ValidationError: it has another shape
    """

    model_config = ConfigDict(frozen=True)


class Parts(Sent):
    """Something that is sent as one text: its fields in their order, with dashes between them."""

    @model_validator(mode="before")
    @classmethod
    def _split(cls, said: Any) -> Any:
        if not isinstance(said, str):
            return said
        names = list(cls.model_fields)
        return dict(zip(names, said.split("-", len(names) - 1), strict=False))

    def __str__(self) -> str:
        """Write it as it is sent."""
        return "-".join(str(value) for _name, value in self)
