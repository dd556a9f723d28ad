"""What clients saw of a registry, and what in it cannot be true.

Times are seconds of time.monotonic(). An operation took effect between `asked` and `answered`, if at all. One whose
connection broke was answered by that: nothing that a dead daemon was asked takes effect later.
"""

import bisect
import collections
import dataclasses
import itertools
import math

# Of a time to live: a registry that counts in milliseconds may end it by so much earlier.
ROUNDING = 0.01
# PROMISES 10: a hold ends within so much of its owner's exit; here of its time, too.
PROMPT = 1.0


@dataclasses.dataclass(slots=True)
class Claim:
    """A service has a port by a hold: that was an answer. Without a port: what was asked for and not answered."""

    identity: str
    asked: float
    answered: float
    port: int | None = None
    face: str = "registry"
    id: int | None = None
    group: str | None = None
    is_new: bool = False  # made by this very request
    ttl: float | None = None
    owner: int | None = None  # no pid, which might come back
    surely_until: float = math.inf
    maybe_until: float = math.inf

    def keys(self):
        """By which an operation may end it."""
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
    """The operations that end what one key means."""

    def __init__(self, operations):
        by_answer = sorted(operations, key=lambda operation: operation[1])
        self.answers = [answered for _, answered, _ in by_answer]
        self.first_asked = suffix_minima([asked for asked, _, _ in by_answer])
        certain = sorted(operation for operation in operations if operation[2])
        self.questions = [asked for asked, _, _ in certain]
        self.first_answered = suffix_minima([answered for _, answered, _ in certain])

    def may_begin(self, asked):
        """When the first began that may have come after what was asked then."""
        return self.first_asked[bisect.bisect_right(self.answers, asked)]

    def are_over(self, answered):
        """When the first was over that certainly came after what was answered then."""
        return self.first_answered[bisect.bisect_left(self.questions, answered)]


def suffix_minima(values):
    """The least value from each place on, and infinity behind the last."""
    return list(itertools.accumulate(reversed(values), min, initial=math.inf))[::-1]


class History:
    def __init__(self):
        self.claims = []
        self.endings = collections.defaultdict(list)
        self.heartbeats = collections.defaultdict(list)

    def claim(self, *arguments, **more):
        self.claims.append(Claim(*arguments, **more))
        return self.claims[-1]

    def end(self, kind, value, asked, answered, is_certain=True):
        """What ends all that `value` names, as an identity, app, face, port, id, group or owner; or may."""
        self.endings[kind, value].append((asked, answered, is_certain))

    def heartbeat(self, kind, value, face, asked, answered, is_certain=True):
        self.heartbeats[kind, value].append((asked, answered, face, is_certain))

    def work_out(self):
        """How long each claim was certainly held, and at most."""
        self.relate()
        endings = {key: Endings(operations) for key, operations in self.endings.items()}
        for operations in self.heartbeats.values():
            operations.sort()
        for claim in self.claims:
            mine = [endings[key] for key in claim.keys() if key in endings]
            claim.surely_until = min((ending.may_begin(claim.asked) for ending in mine), default=math.inf)
            claim.maybe_until = min((ending.are_over(claim.answered) for ending in mine), default=math.inf)
            if claim.ttl is not None:
                self.limit(claim)

    def relate(self):
        """What one answer says of an allocation is true of the others' allocation, too."""
        groups = {claim.id: claim.group for claim in self.claims if claim.group}
        identities = collections.defaultdict(set)
        for claim in self.claims:
            claim.group = claim.group or groups.get(claim.id)
            for kind in ("id", "group"):
                identities[kind, getattr(claim, kind)].add(claim.identity)
        for key in [key for key in self.endings if key[0] in ("id", "group")]:
            for identity in identities[key]:
                # It may be the allocation of an answer that had no id.
                self.endings["without id", identity] += [(*times, False) for *times, _ in self.endings[key]]

    def limit(self, claim):
        """A time to live ends a claim, too, and heartbeats put that off."""
        beats = sorted(
            beat for key in claim.keys() for beat in self.heartbeats.get(key, []) if beat[2] == claim.face
        )
        surely = claim.asked + claim.ttl - ROUNDING
        maybe = claim.answered + claim.ttl + PROMPT
        for asked, answered, _, is_certain in beats:
            if is_certain and asked > claim.answered and answered < min(surely, claim.surely_until):
                surely = max(surely, asked + claim.ttl - ROUNDING)
            if answered > claim.asked and asked < maybe:
                maybe = max(maybe, answered + claim.ttl + PROMPT)
        claim.surely_until = min(claim.surely_until, surely)
        claim.maybe_until = min(claim.maybe_until, maybe)


def are_two(one, other):
    """Whether two claims are certainly those of two allocations."""
    if one.identity != other.identity:
        return True
    if one.id is not None and other.id is not None:
        return one.id != other.id
    return one.is_new and other.is_new


def overlaps(history):
    """Pairs of claims of two allocations that both certainly had one port at one time."""
    by_port = collections.defaultdict(list)
    for claim in history.claims:
        if claim.port is not None and claim.answered < claim.surely_until:
            by_port[claim.port].append(claim)
    found = []
    for claims in by_port.values():
        holders = []
        for claim in sorted(claims, key=lambda claim: claim.answered):
            holders = [holder for holder in holders if holder.surely_until > claim.answered]
            found += [(holder, claim) for holder in holders if are_two(holder, claim)]
            holders.append(claim)
    return found


def count_hand_overs(history):
    """How often a port went from one allocation to another."""
    by_port = collections.defaultdict(list)
    for claim in history.claims:
        by_port[claim.port].append(claim)
    by_port.pop(None, None)
    ordered = (sorted(claims, key=lambda claim: claim.answered) for claims in by_port.values())
    return sum(are_two(*pair) for claims in ordered for pair in itertools.pairwise(claims))


def contradictions(history, listing, asked, answered):
    """Sentences on what cannot be true of a listing of `{id, identity, replica, port}`."""
    for what in (("port",), ("id",), ("identity", "replica")):
        counts = collections.Counter(tuple(entry[part] for part in what) for entry in listing)
        yield from (f"{what} {value} is listed {count} times" for value, count in counts.items() if count > 1)
    places = {(entry["identity"], entry["port"]): entry["id"] for entry in listing}
    claims = collections.defaultdict(list)
    for claim in history.claims:
        claims[claim.identity].append(claim)
        if claim.port is None or claim.answered > asked or claim.surely_until < answered:
            continue
        id = places.get((claim.identity, claim.port))
        if id is None or claim.id not in (None, id):
            yield f"not listed (but {id}): {claim}"
    for entry in listing:
        if not any(may_be(claim, entry, asked, answered) for claim in claims[entry["identity"]]):
            yield f"listed, but over or never granted: {entry}, of {claims[entry['identity']][-3:]}"


def may_be(claim, entry, asked, answered):
    """Whether the listing's entry may be there by this claim."""
    return (
        claim.port in (None, entry["port"])
        and claim.id in (None, entry["id"])
        and claim.asked < answered
        and claim.maybe_until > asked
    )
