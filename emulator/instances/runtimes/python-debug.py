"""debugpy in an instance that is started with a debugger's port open. Loaded only then."""

import os
import shlex
import sys

# Without it, debugpy tells every start that frozen modules may make it miss breakpoints in the standard library.
QUIET = "PYDEVD_DISABLE_FILE_VALIDATION"


def open_debugger():
    """On a free port of the loopback interface. @returns {port} or {problem}"""
    own = QUIET not in os.environ
    os.environ.setdefault(QUIET, "1")
    try:
        return listen()
    finally:
        if own:
            del os.environ[QUIET]


def listen():
    try:
        import debugpy
    except ImportError:
        python = shlex.quote(sys.executable)
        return {"problem": f"there is no debugpy for this Python; install it with: {python} -m pip install debugpy"}
    try:
        _host, port = debugpy.listen(("127.0.0.1", 0))
    except Exception as error:
        return {"problem": f"debugpy does not start: {error}"}
    return {"port": port}
