"""Schemas of Pydantic models, as model_json_schema() emits them. Run by ./run with pydantic 2.14.3."""

import datetime
import decimal
import enum
import json
import pathlib
import sys
import uuid
from typing import Annotated, Any, Literal, Optional, Union

import pydantic
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

OUT = pathlib.Path(sys.argv[1])


def case(name, model, valid, invalid):
    """Writes one case; Pydantic itself must agree about every document."""
    adapter = TypeAdapter(model)
    for document in valid:
        adapter.validate_json(json.dumps(document))
    text = {
        "source": f"pydantic {pydantic.VERSION}: {name}",
        "schema": adapter.json_schema(),
        "valid": valid,
        "invalid": invalid,
    }
    path = OUT / f"pydantic-{name}.json"
    path.write_text(json.dumps(text, indent=2, ensure_ascii=False) + "\n")


class Commit(BaseModel):
    """One commit, classified."""

    subject: str = Field(max_length=72, description="First line of the message")
    kind: Literal["fix", "feat", "docs", "chore"]
    breaking: bool = False
    issue: Optional[int] = None


case(
    "commit",
    Commit,
    [
        {"subject": "fix the build", "kind": "fix", "breaking": False, "issue": 12},
        {"subject": "new flag", "kind": "feat", "breaking": True, "issue": None},
        {"subject": "typo", "kind": "docs"},
    ],
    [
        {"kind": "fix"},
        {"subject": "x", "kind": "style"},
        {"subject": "x" * 73, "kind": "fix"},
        {"subject": "x", "kind": "fix", "breaking": None},
        {"subject": "x", "kind": "fix", "issue": "12"},
    ],
)


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    count: int = Field(gt=0, le=1000)
    price: float = Field(ge=0, multiple_of=0.01)
    size: Size = Size.SMALL


class Receipt(BaseModel):
    model_config = ConfigDict(extra="forbid")
    shop: str = Field(min_length=1)
    day: datetime.date
    lines: list[Line] = Field(min_length=1)
    paid: Literal["cash", "card"] | None = None


case(
    "receipt",
    Receipt,
    [
        {"shop": "Kiosk", "day": "2026-02-28", "lines": [{"name": "tea", "count": 1, "price": 2.5}]},
        {"shop": "K", "day": "2026-02-28", "lines": [{"name": "a", "count": 2, "price": 0.01, "size": "l"}], "paid": "cash"},
    ],
    [
        {"shop": "", "day": "2026-02-28", "lines": [{"name": "tea", "count": 1, "price": 2.5}]},
        {"shop": "K", "day": "2026-02-30", "lines": [{"name": "tea", "count": 1, "price": 2.5}]},
        {"shop": "K", "day": "2026-02-28", "lines": []},
        {"shop": "K", "day": "2026-02-28", "lines": [{"name": "tea", "count": 0, "price": 2.5}]},
        {"shop": "K", "day": "2026-02-28", "lines": [{"name": "tea", "count": 1, "price": 2.505}]},
        {"shop": "K", "day": "2026-02-28", "lines": [{"name": "tea", "count": 1, "price": 2.5}], "tip": 1},
    ],
)


class Cat(BaseModel):
    pet: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    pet: Literal["dog"]
    breed: str
    friends: list["Pet"] = []


Pet = Annotated[Union[Cat, Dog], Field(discriminator="pet")]
Dog.model_rebuild()


class Owner(BaseModel):
    name: str
    pet: Pet


case(
    "discriminated",
    Owner,
    [
        {"name": "Ann", "pet": {"pet": "cat", "lives": 7}},
        {"name": "Ann", "pet": {"pet": "cat"}},
        {"name": "Bo", "pet": {"pet": "dog", "breed": "mix", "friends": [{"pet": "cat"}, {"pet": "dog", "breed": "x"}]}},
    ],
    [
        {"name": "Ann", "pet": {"pet": "cow"}},
        {"name": "Ann", "pet": {"pet": "dog", "lives": 7}},
        {"name": "Ann", "pet": {"pet": "dog", "breed": "x", "friends": [{"pet": "fox"}]}},
    ],
)


class Node(BaseModel):
    value: int
    next: Optional["Node"] = None
    children: list["Node"] = Field(default_factory=list, description="in order")


case(
    "recursive",
    Node,
    [
        {"value": 1},
        {"value": 1, "next": {"value": 2, "next": None}, "children": [{"value": 3, "children": [{"value": 4}]}]},
    ],
    [{}, {"value": 1, "next": {"value": "2"}}, {"value": 1, "children": [{"children": []}]}, {"value": 1, "children": None}],
)

case(
    "root-list",
    list[Commit],
    [[], [{"subject": "a", "kind": "fix"}, {"subject": "b", "kind": "feat", "issue": 3}]],
    [{}, [{"subject": "a"}], [[]]],
)

case(
    "root-union",
    Union[int, str, None],
    [1, "x", None],
    [1.5, [], {}],
)


class Maps(BaseModel):
    counts: dict[str, int]
    labels: dict[str, list[str]] = {}


case("maps", Maps, [{"counts": {}}, {"counts": {"a": 1}, "labels": {"x": ["y"]}}], [{}, {"counts": {"a": "1"}}, {"counts": {}, "labels": []}])


class Anything(BaseModel):
    name: str
    payload: Any = None


case("any", Anything, [{"name": "x"}, {"name": "x", "payload": {"a": [1, None]}}], [{}, {"name": 1}])


class Formats(BaseModel):
    id: uuid.UUID
    at: datetime.datetime
    day: datetime.date
    clock: datetime.time
    wait: datetime.timedelta
    price: decimal.Decimal
    url: pydantic.AnyUrl
    code: str = Field(pattern=r"^[A-Z]{2}-\d+$")


GOOD = {
    "id": "123e4567-e89b-12d3-a456-426614174000",
    "at": "2026-11-22T10:00:00Z",
    "day": "2024-02-29",
    "clock": "10:00:00Z",
    "wait": "P1DT2H",
    "price": "1.10",
    "url": "https://example.com/x",
    "code": "AB-12",
}
case(
    "formats",
    Formats,
    [GOOD, GOOD | {"price": 1.5}],
    [GOOD | {key: bad} for key, bad in [("id", "x"), ("at", "yesterday"), ("day", "2023-02-29"), ("clock", "25:00:00Z"), ("wait", "1 day"), ("url", "no url"), ("code", "ab-12")]],
)


class Tuples(BaseModel):
    point: tuple[float, float]
    tagged: tuple[str, int, bool]
    rest: tuple[int, ...] = ()
    unique: set[str] = set()


case(
    "tuples",
    Tuples,
    [{"point": [1, 2.5], "tagged": ["a", 1, True]}, {"point": [0, 0], "tagged": ["", 0, False], "rest": [1, 2, 3], "unique": ["a", "b"]}],
    [
        {"point": [1], "tagged": ["a", 1, True]},
        {"point": [1, 2, 3], "tagged": ["a", 1, True]},
        {"point": [1, 2], "tagged": [1, "a", True]},
        {"point": [1, 2], "tagged": ["a", 1, True], "unique": ["a", "a"]},
    ],
)


class Base(BaseModel):
    id: int


class Address(Base):
    street: str
    town: Annotated[str, Field(description="with its postal code")]


class Person(Base):
    name: str
    home: Annotated[Address, Field(description="where the person lives")]
    work: Annotated[Optional[Address], Field(description="where the person works")] = None
    tags: Annotated[list[str], Field(max_length=3)] = []


case(
    "nested-descriptions",
    Person,
    [
        {"id": 1, "name": "A", "home": {"id": 2, "street": "s", "town": "t"}},
        {"id": 1, "name": "A", "home": {"id": 2, "street": "s", "town": "t"}, "work": {"id": 3, "street": "s", "town": "t"}, "tags": ["x"]},
    ],
    [
        {"id": 1, "name": "A"},
        {"id": 1, "name": "A", "home": {"id": 2, "street": "s"}},
        {"id": 1, "name": "A", "home": {"id": 2, "street": "s", "town": "t"}, "tags": ["1", "2", "3", "4"]},
    ],
)
