"""Faults that shape connections, inside a Python instance: the emulator's proxy does it, connections only have to be led there."""

import sys


def begin(effects, host):
    """@returns what undoes it"""
    shared = sys.modules["_faultline_effects"]

    class Redirect:
        """How one effect leads connections to the proxy."""

        def __init__(self, effect):
            self.hosts = effect["hosts"]
            self.effect = effect

        def connect(self, sock, address, target, connect):
            """@param connect connects a socket, or begins to. @returns what it returns"""
            proxy = ("127.0.0.1", self.effect["port"])
            if sock.family == shared.socket_module.AF_INET6:
                proxy = ("::ffff:127.0.0.1", self.effect["port"])
            try:
                return connect(sock, proxy)
            finally:
                # Also of one that is still connecting: its port is known by then.
                local = sock.getsockname()[1]
                if local:
                    saw = {"saw": self.effect["saw"]} if "saw" in self.effect else {}
                    via = {"local": local, "host": address[0], "port": address[1]}
                    host.report({"kind": "connect", "target": target, "fault": self.effect["fault"], **saw, "via": via})

    shared.redirects[:] = [Redirect(effect) for effect in effects]
    return shared.redirects.clear
