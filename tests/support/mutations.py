"""Bodies that are nearly right: what strangers and new versions send."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

# Lone surrogates too: a gateway's JSON can carry them.
TEXT = st.text(st.characters(), max_size=30)
NUMBERS = st.one_of(st.integers(), st.floats(), st.integers(-(10**30), 10**30))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)


@st.composite
def mutated(draw: st.DrawFn, sample: Any) -> Any:
    """A valid body with one value, somewhere, replaced by anything, or gone."""
    body = json.loads(json.dumps(sample))
    place, keys = body, list(body)
    for _ in range(draw(st.integers(0, 5))):
        key = draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key]:
            break
        place = place[key]
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
    key = draw(st.sampled_from(keys))
    if draw(st.booleans()):
        place[key] = draw(JSON)
    else:
        del place[key]
    return body
