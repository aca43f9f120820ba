"""The http fault inside a Python instance: outbound requests are answered, delayed, left hanging, reset or broken off one by
one, so also on connections that are kept alive.

Hooked, with the first such effect, is http.client.HTTPConnection: urllib, requests, urllib3 and botocore send by it. Without
an effect each request costs one comparison. What is hit is answered here, by one end of a pair of sockets: the host that was
asked hears nothing of it (but with `latency`).
"""

import base64
import errno
import http.client
import os
import re
import socket
import sys
import time

_sleep = time.sleep
SEEN = {"hang": "no answer", "reset": "ECONNRESET", "truncated": "body broken off"}

# The running invocation's.
active = None
original = {}


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


def rendered(effect, answer, method):
    """The bytes of an answer, broken off if that is the fault."""
    body = base64.b64decode(answer["body"])
    reason = http.client.responses.get(answer["status"], "")
    headers = {**answer["headers"], "content-length": len(body), "connection": "close"}
    head = f"HTTP/1.1 {answer['status']} {reason}\r\n" + "".join(f"{key}: {headers[key]}\r\n" for key in headers)
    if method == "HEAD":
        body = b""
    elif effect["mode"] == "truncated":
        body = body[: len(body) // 2]
    return head.encode("latin-1") + b"\r\n" + body


def answer_by_us(connection, effect, answer, method):
    """The connection gets a socket on which the answer waits already."""
    if connection.sock:
        connection.sock.close()
    ours, theirs = socket.socketpair()
    if effect["mode"] in ("status", "truncated"):
        data = rendered(effect, answer, method)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, len(data) * 2 + 65_536)
        ours.sendall(data)
        ours.close()
    else:
        active.held.append(ours)
    timeout = connection.timeout
    if timeout is not socket._GLOBAL_DEFAULT_TIMEOUT:
        theirs.settimeout(timeout if timeout is None or isinstance(timeout, (int, float)) else None)
    connection.sock = theirs


def settle(connection, body):
    """Decides on the request that waits in the connection, and sends what was held back of it.
    @returns False while the body has to tell"""
    pending = connection._faultline
    hit = active.decide(described(connection, pending["lines"], body)) if active else None
    if hit == "undecided":
        return False
    method = pending["lines"][0].split(b" ", 1)[0].decode("latin-1")
    connection._faultline = {"hit": hit}
    if hit and hit[0]["mode"] != "latency":
        answer_by_us(connection, *hit, method)
    elif pending["held"]:
        original["send"](connection, b"".join(pending["held"]))
    return True


def swallows(connection):
    hit = getattr(connection, "_faultline", {}).get("hit")
    return hit is not None and hit[0]["mode"] != "latency"


def endheaders(self, message_body=None, **options):
    self._faultline = {}
    lines = list(getattr(self, "_buffer", ()))
    if active is None or not lines or lines[0].startswith(b"CONNECT "):
        return original["endheaders"](self, message_body, **options)
    self._faultline = {"lines": lines, "held": []}
    settle(self, message_body if isinstance(message_body, bytes) else None)
    return original["endheaders"](self, message_body, **options)


def bytes_of(data):
    """Of whatever http.client sends: bytes, a file, an iterable."""
    if hasattr(data, "read"):
        data = data.read()
    if isinstance(data, str):
        return data.encode("iso-8859-1")
    try:
        return bytes(memoryview(data))
    except TypeError:
        return b"".join(data)


def send(self, data):
    state = getattr(self, "_faultline", {})
    if "lines" in state:
        # Whether its operation is one that is hit is told by the body: the headers wait for it.
        state["held"].append(bytes_of(data))
        whole = b"".join(state["held"])
        body = whole.partition(b"\r\n\r\n")[2]
        if body:
            settle(self, body)
        return None
    return None if swallows(self) else original["send"](self, data)


def getresponse(self, *args, **kwargs):
    if "lines" in getattr(self, "_faultline", {}):
        settle(self, b"")
    hit = getattr(self, "_faultline", {}).get("hit")
    self._faultline = {}
    if hit and hit[0]["mode"] == "reset":
        self.close()
        raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
    if hit and hit[0]["mode"] == "latency":
        wait(self, hit[0]["latencyMs"] / 1000)
    return original["getresponse"](self, *args, **kwargs)


def wait(connection, seconds):
    """As long as its answer would take, or as the caller would wait for it. @raises socket.timeout"""
    limit = connection.sock.gettimeout() if connection.sock else None
    if limit is None or limit > seconds:
        return _sleep(seconds)
    _sleep(limit)
    raise socket.timeout("timed out")


POOLS = "urllib3.connectionpool"


def lazily(module):
    """urllib3 makes a TLS connection before it says what for; where a request may be hit, that is left to sending it, so that
    the host need not be there."""
    pool = module.HTTPSConnectionPool
    validate = pool._validate_conn

    def _validate_conn(self, connection):
        if active is not None and connection.sock is None and not getattr(connection, "proxy", None):
            if active.may_hit(connection.host, connection.port or 443):
                return None
        return validate(self, connection)

    pool._validate_conn = _validate_conn


def install():
    for name, hook in (("endheaders", endheaders), ("send", send), ("getresponse", getresponse)):
        original[name] = getattr(http.client.HTTPConnection, name)
        setattr(http.client.HTTPConnection, name, hook)


def begin(effects, host):
    global active
    if not original:
        install()
        # The bootstrap's finder changes modules as they are imported.
        finder = next((one for one in sys.meta_path if type(one).__name__ == "PatchedImports"), None)
        if POOLS in sys.modules:
            lazily(sys.modules[POOLS])
        elif finder:
            finder.patches[POOLS] = lazily
    mine = active = Active(effects, host)

    def end():
        global active
        if active is mine:
            active = None

    return end
