"""What the tests of a session received of what the OpenAPI document describes."""

# 403: the cases are sent as raw bytes, whose answers are not recorded. 405: impossible for a documented method.
# 503: needs a full pool or a broken database, which Tests/IntegrationTests have.
NOT_HERE = {403, 405, 503}
# Published before any client can read them; Tests/PortStoreTests have both.
UNREADABLE_EVENTS = {"taken_over", "rebuilt"}


class Received:
    """The answers and events of one session. conftest.py has the only one that counts."""

    def __init__(self):
        self.document = None
        self.answers = set()  # method, path template, status
        self.events = set()  # types

    def add(self, document, answers, events):
        """Adds what another process of the same session received."""
        self.document = self.document or document
        self.answers.update(tuple(answer) for answer in answers)
        self.events.update(events)

    def missing(self):
        """Returns a sentence for each documented answer and event that no test received."""
        documented = {
            (method.upper(), path, int(status))
            for path, item in self.document["paths"].items()
            for method, operation in item.items()
            if method != "parameters"
            for status in operation["responses"]
            if int(status) not in NOT_HERE
        }
        events = set(self.document["components"]["schemas"]["Event"]["properties"]["type"]["enum"]) - UNREADABLE_EVENTS
        missing = [f"{status} from {method} {path}" for method, path, status in sorted(documented - self.answers)]
        missing += [f"the event {name}" for name in sorted(events - self.events)]
        return [f"no test received {what}" for what in missing]
