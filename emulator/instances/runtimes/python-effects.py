"""Faults that act inside a Python instance (RuntimeEffect in contract/faults.ts), and the hook that reports connections.

Loaded when a handler imports `socket`, or when an invocation first has an effect. In-process hooks: child processes and
native extensions that open sockets themselves are not reached.

Effects with `when` act before or after the handler, and end the invocation: they are here, with those on connections. The
others last for the invocation and have a file each, `python-effect-TYPE.py`, with
  begin(effects, host)   all effects of this type, the oldest fault first; before the handler is called
  host                   report(operation: dict), note(text), errors(), load_own(name)
  returns                a function that undoes it, or None
"""

import fnmatch
import os
import signal
import sys
import time

# Set by the bootstrap.
host = None
load_own = None
network = []
# What leads connections elsewhere: each with `hosts` and `connect(sock, address, target, connect)`, the oldest fault's first.
redirects = []
# Address -> name, from the lookups seen: connect is given addresses, faults name hosts.
names = {}
sockets = None
socket_module = None
original_connect = None
# Stands for hosts that a fault makes unreachable, so that they need not resolve (TEST-NET-1, RFC 5737).
PLACEHOLDER = "192.0.2."


SEEN = {"refused": "ECONNREFUSED", "reset": "ECONNRESET", "timeout": "no connection"}


def saw(effect):
    return effect["code"] if effect["mode"] == "dns" else SEEN[effect["mode"]]


def is_for(hosts, name, port):
    target = f"{name}:{port}"
    return not hosts or any(matches(pattern, name) or matches(pattern, target) for pattern in hosts)


def matching(name, port, lookup=False):
    """@param lookup whether the name is to be looked up: only then one of mode dns hits
    @returns the first network effect that hits the host"""
    found = (one for one in network if (lookup or one["mode"] != "dns") and is_for(one["hosts"], name, port))
    return next(found, None)


def redirect_of(address):
    """@returns the first redirect that is for an address"""
    host, port = address[0], address[1]
    name = names.get(host, host)
    found = (one for one in redirects if is_for(one.hosts, name, port) or is_for(one.hosts, host, port))
    return next(found, None)


def is_name(text):
    """Whether it is no address."""
    for family in (socket_module.AF_INET, socket_module.AF_INET6):
        try:
            socket_module.inet_pton(family, text.partition("%")[0])
            return False
        except OSError:
            pass
    return True


def look_up(name, port):
    """@returns the effect that hits what is to be looked up, if any. @raises gaierror where it is one of mode dns"""
    if not network or not name:
        return None
    effect = matching(name, port, is_name(name))
    if effect is None or effect["mode"] != "dns":
        return effect
    host.report({"kind": "lookup", "target": name, "fault": effect["fault"], "saw": saw(effect)})
    again = effect["code"] == "EAI_AGAIN"
    number = socket_module.EAI_AGAIN if again else socket_module.EAI_NONAME
    text = "Temporary failure in name resolution" if again else "Name or service not known"
    raise socket_module.gaierror(number, text)


def matches(pattern, text):
    # Only `*` is special in a pattern.
    return fnmatch.fnmatchcase(text.lower(), pattern.lower().replace("[", "[[]").replace("?", "[?]"))


def find(address):
    """@returns (target, effect) of an address that a socket is to be connected to"""
    host, port = address[0], address[1]
    name = names.get(host, host)
    effect = matching(name, port) or (matching(host, port) if name != host else None)
    shown = f"[{name}]" if ":" in name else name
    return f"{shown}:{port}", effect


class Trap:
    """A listener on the loopback interface that answers nobody, or resets whoever connects."""

    def __init__(self, family, resets):
        socket = socket_module
        self.listener = socket._socket.socket(family, socket.SOCK_STREAM)
        self.listener.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        self.listener.listen(16 if resets else 0)
        self.address = self.listener.getsockname()
        self.held = []
        if resets:
            import _thread

            _thread.start_new_thread(self.reset_all, ())
        else:
            self.fill(family)

    def fill(self, family):
        """With its backlog full, the kernel drops whatever else wants to connect: a true timeout."""
        for _ in range(3):
            filler = socket_module._socket.socket(family, socket_module.SOCK_STREAM)
            filler.setblocking(False)
            try:
                original_connect(filler, self.address)
            except OSError:
                pass
            self.held.append(filler)

    def reset_all(self):
        import struct

        while True:
            fd, _ = self.listener._accept()
            peer = socket_module._socket.socket(fileno=fd)
            peer.setsockopt(socket_module.SOL_SOCKET, socket_module.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()


traps = {}


def trap(family, resets):
    if (family, resets) not in traps:
        traps[family, resets] = Trap(family, resets)
    return traps[family, resets].address


def patch_socket(socket):
    global socket_module, original_connect, sockets
    import weakref

    socket_module = socket
    sockets = weakref.WeakKeyDictionary()
    original_connect = socket._socket.socket.connect
    original_connect_ex = socket._socket.socket.connect_ex
    original_lookup = socket.getaddrinfo
    inet = (socket.AF_INET, socket.AF_INET6)

    def connect_by(sock, address, connect):
        """Connects where it is to connect instead. @raises ConnectionRefusedError"""
        if sock.family not in inet or sock.type & 0xF != socket.SOCK_STREAM or not isinstance(address, tuple):
            return connect(sock, address)
        look_up(address[0], address[1])
        target, effect = find(address)
        sockets[sock] = address
        redirect = redirect_of(address) if redirects and effect is None else None
        if redirect is not None:
            return redirect.connect(sock, address, target, connect)
        seen = {"fault": effect["fault"], "saw": saw(effect)} if effect else {}
        host.report({"kind": "connect", "target": target, **seen})
        if effect is None:
            return connect(sock, address)
        if effect["mode"] == "refused":
            raise ConnectionRefusedError(111, os.strerror(111))
        return connect(sock, trap(sock.family, effect["mode"] == "reset"))

    def connect(self, address):
        return connect_by(self, address, original_connect)

    def connect_ex(self, address):
        try:
            return connect_by(self, address, original_connect_ex)
        except ConnectionRefusedError as error:
            return error.errno

    def getaddrinfo(host, port, *args, **kwargs):
        text = host.decode() if isinstance(host, bytes) else host
        if look_up(text, port):
            return placeholder(text, port)
        found = original_lookup(host, port, *args, **kwargs)
        if text:
            for entry in found:
                names[entry[4][0]] = text
        return found

    def placeholder(host, port):
        known = [address for address, name in names.items() if name == host]
        address = known[0] if known else PLACEHOLDER + str(len(names) % 254 + 1)
        names[address] = host
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sockaddr = (address, int(port or 0), 0, 0) if family == socket.AF_INET6 else (address, int(port or 0))
        return [(family, socket.SOCK_STREAM, 6, "", sockaddr)]

    def by_name(original):
        def gethostbyname(name):
            look_up(name, None)
            return original(name)

        return gethostbyname

    socket.socket.connect = connect
    socket.socket.connect_ex = connect_ex
    socket.getaddrinfo = getaddrinfo
    socket.gethostbyname = by_name(socket.gethostbyname)
    socket.gethostbyname_ex = by_name(socket.gethostbyname_ex)


def cut():
    """Shuts what earlier invocations left open to the hosts, so that it has to connect anew."""
    for sock, address in list(sockets.items() if sockets else ()):
        name = names.get(address[0], address[0])
        if find(address)[1] or redirect_of(address) or matching(name, address[1], is_name(name)):
            try:
                sock.shutdown(2)
            except OSError:
                pass


class Plan:
    """What is to be done to one invocation; as a context manager, what lasts for it."""

    def __init__(self, effects):
        lasting = [effect for effect in effects if "when" not in effect]
        self.network = [effect for effect in lasting if effect["type"] == "network"]
        self.ending = [effect for effect in effects if "when" in effect]
        self.lasting = {}
        for effect in lasting:
            if effect["type"] != "network":
                self.lasting.setdefault(effect["type"], []).append(effect)
        self.begun = []

    def __enter__(self):
        network[:] = self.network
        # All are loaded before the first one acts: with some of them nothing can be loaded any more.
        modules = [load_own("effect-" + kind) for kind in self.lasting]
        for module, effects in zip(modules, self.lasting.values()):
            self.begun.append(module.begin(effects, host))
        if network or redirects:
            cut()

    def __exit__(self, *_error):
        for end in self.begun:
            if end:
                end()
        network[:] = []

    def act(self, when):
        """@returns (error type, message) to answer with, if any; may not return"""
        for effect in self.ending:
            if effect["when"] != when:
                continue
            if effect["type"] == "crash":
                crash(effect["how"])
            if effect["type"] == "hang":
                hang(effect["mode"])
            return effect["errorType"], effect["message"]
        return None


def crash(how):
    if "signal" in how:
        os.kill(os.getpid(), signal.SIGKILL)
    sys.stdout.flush()
    os._exit(how["exitCode"])


def hang(mode):
    while True:
        if mode == "idle":
            time.sleep(3600)
