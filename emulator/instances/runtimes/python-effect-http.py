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
import socket
import sys
import time

_sleep = time.sleep
# The running invocation's.
active = None
original = {}


def _matching():
    return sys.modules["_faultline_effects"].load_own("http-matching")


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
    hit = active.decide(_matching().described(connection, pending["lines"], body)) if active else None
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
    mine = active = _matching().Active(effects, host)

    def end():
        global active
        if active is mine:
            active = None

    return end
