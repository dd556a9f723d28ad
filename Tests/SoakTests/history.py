"""The answers that clients got from a registry, and the contradictions in them.

Times are seconds of time.monotonic(). An operation took effect between `sent` and `received`, if at all. For one whose
connection broke, `received` is the time of that: a request to a daemon that was killed has no effect later.
"""

import bisect
import collections
import dataclasses
import itertools
import math

# In seconds. A registry that counts in milliseconds may end a time to live by so much earlier.
ROUNDING = 0.01
# In seconds. A hold ends within this time after its owner's exit (promise 10), and here also after its time to live.
PROMPT = 1.0


@dataclasses.dataclass(slots=True)
class Claim:
    """An answer that a service has a port by a hold; without a port, a request that was not answered."""

    identity: str
    sent: float
    received: float
    port: int | None = None
    face: str = "registry"
    id: int | None = None
    group: str | None = None
    is_new: bool = False  # made by this request
    ttl: float | None = None
    owner: int | None = None  # a number of its own; a pid could be used again
    surely_until: float = math.inf
    maybe_until: float = math.inf

    def keys(self):
        """Yields the keys by which an operation may end it."""
        yield "identity", self.identity
        yield "app", self.identity.split("/")[0]
        yield "face", self.face
        for kind in ("port", "id", "group", "owner"):
            value = getattr(self, kind)
            if value is not None:
                yield kind, value
        if self.id is None:
            yield "without id", self.identity


class Endings:
    """The operations that end everything with one key."""

    def __init__(self, operations):
        by_receipt = sorted(operations, key=lambda operation: operation[1])
        self.receipts = [received for _, received, _ in by_receipt]
        self.first_sent = suffix_minima([sent for sent, _, _ in by_receipt])
        certain = sorted(operation for operation in operations if operation[2])
        self.requests = [sent for sent, _, _ in certain]
        self.first_received = suffix_minima([received for _, received, _ in certain])

    def may_begin(self, sent):
        """Returns when the first operation began that may have followed a request of that time."""
        return self.first_sent[bisect.bisect_right(self.receipts, sent)]

    def are_over(self, received):
        """Returns when the first operation ended that certainly followed an answer of that time."""
        return self.first_received[bisect.bisect_left(self.requests, received)]


def suffix_minima(values):
    """Returns the least value from each place on, and infinity after the last."""
    return list(itertools.accumulate(reversed(values), min, initial=math.inf))[::-1]


class History:
    def __init__(self):
        self.claims = []
        self.endings = collections.defaultdict(list)
        self.heartbeats = collections.defaultdict(list)

    def claim(self, *arguments, **more):
        self.claims.append(Claim(*arguments, **more))
        return self.claims[-1]

    def end(self, kind, value, sent, received, is_certain=True):
        """Records an operation that ends, or may end, all claims with a key (see Claim.keys)."""
        self.endings[kind, value].append((sent, received, is_certain))

    def heartbeat(self, kind, value, face, sent, received, is_certain=True):
        self.heartbeats[kind, value].append((sent, received, face, is_certain))

    def work_out(self):
        """Determines how long each claim was certainly held, and at most."""
        self.relate()
        endings = {key: Endings(operations) for key, operations in self.endings.items()}
        for operations in self.heartbeats.values():
            operations.sort()
        for claim in self.claims:
            mine = [endings[key] for key in claim.keys() if key in endings]
            claim.surely_until = min((ending.may_begin(claim.sent) for ending in mine), default=math.inf)
            claim.maybe_until = min((ending.are_over(claim.received) for ending in mine), default=math.inf)
            if claim.ttl is not None:
                self.limit(claim)

    def relate(self):
        """Applies the id and group of one answer to all answers about the same allocation."""
        groups = {claim.id: claim.group for claim in self.claims if claim.group}
        identities = collections.defaultdict(set)
        for claim in self.claims:
            claim.group = claim.group or groups.get(claim.id)
            for kind in ("id", "group"):
                identities[kind, getattr(claim, kind)].add(claim.identity)
        for key in [key for key in self.endings if key[0] in ("id", "group")]:
            for identity in identities[key]:
                # An answer without an id may be about the same allocation.
                self.endings["without id", identity] += [(*times, False) for *times, _ in self.endings[key]]

    def limit(self, claim):
        """Ends a claim with its time to live, which heartbeats extend."""
        heartbeats = sorted(
            heartbeat
            for key in claim.keys()
            for heartbeat in self.heartbeats.get(key, [])
            if heartbeat[2] == claim.face
        )
        surely = claim.sent + claim.ttl - ROUNDING
        maybe = claim.received + claim.ttl + PROMPT
        for sent, received, _, is_certain in heartbeats:
            if is_certain and sent > claim.received and received < min(surely, claim.surely_until):
                surely = max(surely, sent + claim.ttl - ROUNDING)
            if received > claim.sent and sent < maybe:
                maybe = max(maybe, received + claim.ttl + PROMPT)
        claim.surely_until = min(claim.surely_until, surely)
        claim.maybe_until = min(claim.maybe_until, maybe)


def are_two(one, other):
    """Whether two claims certainly belong to different allocations."""
    if one.identity != other.identity:
        return True
    if one.id is not None and other.id is not None:
        return one.id != other.id
    return one.is_new and other.is_new


def overlaps(history):
    """Returns the pairs of claims of different allocations that certainly had one port at the same time."""
    by_port = collections.defaultdict(list)
    for claim in history.claims:
        if claim.port is not None and claim.received < claim.surely_until:
            by_port[claim.port].append(claim)
    found = []
    for claims in by_port.values():
        holders = []
        for claim in sorted(claims, key=lambda claim: claim.received):
            holders = [holder for holder in holders if holder.surely_until > claim.received]
            found += [(holder, claim) for holder in holders if are_two(holder, claim)]
            holders.append(claim)
    return found


def count_handovers(history):
    """Returns how often a port passed from one allocation to another."""
    by_port = collections.defaultdict(list)
    for claim in history.claims:
        by_port[claim.port].append(claim)
    by_port.pop(None, None)
    ordered = (sorted(claims, key=lambda claim: claim.received) for claims in by_port.values())
    return sum(are_two(*pair) for claims in ordered for pair in itertools.pairwise(claims))


def contradictions(history, listing, sent, received):
    """Yields a sentence for each contradiction between the history and a listing of `{id, identity, replica, port}`."""
    for what in (("port",), ("id",), ("identity", "replica")):
        counts = collections.Counter(tuple(entry[part] for part in what) for entry in listing)
        yield from (f"{what} {value} is listed {count} times" for value, count in counts.items() if count > 1)
    places = {(entry["identity"], entry["port"]): entry["id"] for entry in listing}
    claims = collections.defaultdict(list)
    for claim in history.claims:
        claims[claim.identity].append(claim)
        if claim.port is None or claim.received > sent or claim.surely_until < received:
            continue
        id = places.get((claim.identity, claim.port))
        if id is None or claim.id not in (None, id):
            yield f"not listed (but {id}): {claim}"
    for entry in listing:
        if not any(may_be(claim, entry, sent, received) for claim in claims[entry["identity"]]):
            yield f"listed, but over or never granted: {entry}, of {claims[entry['identity']][-3:]}"


def may_be(claim, entry, sent, received):
    """Whether the claim can explain the entry of a listing."""
    return (
        claim.port in (None, entry["port"])
        and claim.id in (None, entry["id"])
        and claim.sent < received
        and claim.maybe_until > sent
    )
