"""Tokens: who they are, what they reach, and when they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from dom.api.authorizer import authorize, token_hash
from dom.api.identity import Identity, from_context, to_context
from dom.errors import Forbidden, Unauthenticated
from support.builders import NOW

ARN = "arn:aws:execute-api:us-east-1:123456789012:abc123/v1/GET/orders/ord_1"
STORE = Identity("store-7", frozenset({"fulfillments:read"}), frozenset({"Store 7", "a,b"}))
SOON = int((NOW + timedelta(minutes=1)).timestamp())


def authorized(header: str, identity: Identity | None = STORE) -> dict[str, object]:
    known = {token_hash("secret"): identity}
    return authorize(header, ARN, known.get, NOW)


def test_a_known_token_may_call_every_route_of_the_stage() -> None:
    # API Gateway caches the policy by token: one route's policy would refuse the next route.
    answer = authorized("Bearer secret")
    statement = answer["policyDocument"]["Statement"][0]  # type: ignore[index]
    assert statement["Effect"] == "Allow"
    assert statement["Resource"] == "arn:aws:execute-api:us-east-1:123456789012:abc123/v1/*"
    assert answer["principalId"] == "store-7"


def test_the_scheme_is_not_case_sensitive_but_the_token_is() -> None:
    assert authorized("bearer secret")["principalId"] == "store-7"
    with pytest.raises(Unauthenticated):
        authorized("Bearer SECRET")


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic secret", "secret", "Bearer other", "Bearer " + "x" * 600],
)
def test_what_is_no_known_token_is_unauthorized_by_the_gateways_own_word(header: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        authorized(header)
    assert str(refused.value) == "Unauthorized"


def test_an_expired_token_is_denied() -> None:
    old = Identity("old", frozenset({"*"}), None, int(NOW.timestamp()))
    statement = authorized("Bearer secret", old)["policyDocument"]["Statement"][0]  # type: ignore[index]
    assert statement["Effect"] == "Deny"


def test_only_the_hash_of_a_token_is_ever_looked_up() -> None:
    asked: list[str] = []

    def find(hashed: str) -> Identity | None:
        asked.append(hashed)
        return STORE

    authorize("Bearer secret", ARN, find, NOW)
    assert asked == ["2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"]


@pytest.mark.parametrize(
    "identity", [STORE, Identity("admin", frozenset({"*"})), Identity("x", frozenset(), None, SOON)]
)
def test_the_context_carries_the_identity_as_flat_strings(identity: Identity) -> None:
    context = to_context(identity)
    assert all(isinstance(value, str) for value in context.values())
    assert from_context(context, NOW) == identity


def test_a_token_that_ends_while_its_policy_is_cached_is_refused() -> None:
    context = to_context(Identity("x", frozenset({"*"}), None, SOON))
    assert from_context(context, NOW).name == "x"
    with pytest.raises(Unauthenticated, match="expired"):
        from_context(context, NOW + timedelta(minutes=1))


@pytest.mark.parametrize("context", [None, {}, {"principalId": "x"}])
def test_without_an_authorizer_nobody_is_anybody(context: dict[str, str] | None) -> None:
    with pytest.raises(Unauthenticated):
        from_context(context, NOW)


def test_a_scope_is_needed_and_the_star_has_them_all() -> None:
    STORE.require("fulfillments:read")
    Identity("admin", frozenset({"*"})).require("orders:write")
    with pytest.raises(Forbidden, match="orders:read"):
        STORE.require("orders:read")


def test_a_stores_token_reaches_its_own_locations_only() -> None:
    STORE.require_location("Store 7")
    with pytest.raises(Forbidden, match="RENO"):
        STORE.require_location("RENO")
    assert Identity("admin", frozenset()).sees("RENO")
