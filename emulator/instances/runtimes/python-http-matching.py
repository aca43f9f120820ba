"""Which outbound requests the http fault hits, and what it tells of them; python-effect-http.py acts on that."""

import http.client
import re
import sys

SEEN = {"hang": "no answer", "reset": "ECONNRESET", "truncated": "body broken off"}


def _aws():
    return sys.modules["_faultline_effects"].load_own("aws-requests")


def pattern(text, flags=0):
    return re.compile("^" + ".*".join(re.escape(part) for part in text.split("*")) + "$", flags | re.DOTALL)


class Matcher:
    """One effect, and which requests are its own."""

    def __init__(self, effect):
        self.effect = effect
        self.used = 0
        self.hosts = [pattern(text, re.IGNORECASE) for text in effect["hosts"]]
        self.paths = [pattern(text) for text in effect["paths"]]
        self.service = pattern(_aws().plain(effect["service"])) if effect["service"] else None
        self.operation = pattern(effect["operation"], re.IGNORECASE) if effect["operation"] else None

    def matches(self, request, aws):
        names = (request.host, f"{request.host}:{request.port}")
        if self.hosts and not any(one.match(name) for one in self.hosts for name in names):
            return False
        if self.effect["methods"] and request.method not in self.effect["methods"]:
            return False
        if self.paths and not any(one.match(request.pathname) for one in self.paths):
            return False
        if self.service is None and self.operation is None:
            return True
        if aws is None or (self.service and not any(self.service.match(name) for name in aws["names"])):
            return False
        return self.operation is None or bool(self.operation.match(aws["operation"] or ""))


class Active:
    def __init__(self, effects, host):
        self.host = host
        self.matchers = [Matcher(effect) for effect in effects]
        # The other ends of requests that are never answered.
        self.held = []

    def may_hit(self, host, port):
        """Whether some request to this host may be hit."""
        names = (host, f"{host}:{port}")
        return any(not m.hosts or any(one.match(name) for one in m.hosts for name in names) for m in self.matchers)

    def decide(self, request):
        """@returns (effect, answer) of a request that is hit, else None; "undecided" while its body has to tell. Tells of
        the request, once it is decided."""
        aws = _aws().identify(request)
        if aws and aws["undecided"]:
            return "undecided"
        found = None
        for matcher in self.matchers:
            left = matcher.effect["times"] == 0 or matcher.used < matcher.effect["times"]
            if left and matcher.matches(request, aws):
                matcher.used += 1
                found = matcher.effect
                break
        answers = found["answers"] if found else {}
        answer = answers.get(aws and aws["protocol"]) or answers.get("plain")
        self.tell(request, aws, found, answer)
        return (found, answer) if found else None

    def tell(self, request, aws, effect, answer):
        usual = request.port == (443 if request.scheme == "https" else 80)
        name = f"[{request.host}]" if ":" in request.host else request.host
        place = name if usual else f"{name}:{request.port}"
        operation = {"kind": "http", "target": f"{request.method} {request.scheme}://{place}{request.pathname}"}
        if aws:
            operation.update({key: aws[key] for key in ("service", "operation") if aws[key]})
        if effect:
            operation.update({"fault": effect["fault"], "saw": seen(effect, answer)})
        self.host.report(operation)


def seen(effect, answer):
    if effect["mode"] == "latency":
        return f"+{effect['latencyMs']} ms"
    if effect["mode"] != "status":
        return SEEN[effect["mode"]]
    return " ".join(str(part) for part in (answer["status"], answer.get("errorCode")) if part)


def described(connection, lines, body):
    """The request as it is about to be sent. @param lines its first line and its headers"""
    method, _, rest = lines[0].decode("latin-1").partition(" ")
    path = rest.rpartition(" ")[0]
    headers = {}
    for line in lines[1:]:
        name, _, value = line.decode("latin-1").partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    # urllib3's is no http.client.HTTPSConnection.
    scheme = "https" if connection.default_port == 443 else "http"
    host = getattr(connection, "_tunnel_host", None) or connection.host
    port = getattr(connection, "_tunnel_port", None) if host is not connection.host else connection.port
    through = re.match(r"^(https?)://([^/?#]+)(.*)$", path)
    if through:
        # To a proxy: the host and the path are those that it is asked for.
        scheme, place, path = through.groups()
        host, _, number = place.rpartition("@")[2].partition(":")
        port = int(number) if number.isdigit() else None
    port = port or (443 if scheme == "https" else 80)
    return _aws().Request(scheme, method, host.strip("[]"), port, path or "/", headers, body)
