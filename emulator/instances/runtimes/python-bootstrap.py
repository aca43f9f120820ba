"""What runs inside a Python instance: loads the handler, then takes invocations from file descriptor 3 one at a time.

Shipped as it is, run by the user's own Python (3.8 or later): standard library only, and nothing imported that the start
does not need; the rest is in files beside it. Usage: python -B python-bootstrap.py FILE EXPORT ROOT; the frames of the
channel are described in ../frames.ts. How an invocation ends follows the vendor's runtime client (awslambdaric [S]; FACTS
section 3).
"""

import _thread
import io
import json
import os
import sys
import time

try:
    import resource
except ImportError:  # Windows
    resource = None

CHANNEL = 3
INVOKE, STOP, PROCEED = 0xA1, 0xA2, 0xA3
READY, INIT_ERROR, RESULT, ERROR, FATAL, LOG, OPERATION, DEBUGGER = 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xBB
MAX_PAYLOAD_BYTES = 6_291_556
# The host cuts an invocation's output at 1 MB and says so; what is beyond that is not worth sending.
MAX_OUTPUT_BYTES = 1_100_000

HERE = os.path.dirname(os.path.abspath(__file__))
handler_file, handler_export, root = sys.argv[1:4]
sys.argv = [handler_file]
os.set_inheritable(CHANNEL, False)
# The host does not know which version it starts; Lambda's value has it.
if os.environ.get("AWS_EXECUTION_ENV") == "AWS_Lambda_python":
    os.environ["AWS_EXECUTION_ENV"] += "%d.%d" % sys.version_info[:2]
LOG_IN_JSON = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"

# ---- sending: one frame at a time, whole, from whichever thread

_sending = _thread.allocate_lock()


def send(kind, body=b"", extra=b""):
    data = (1 + len(extra) + len(body)).to_bytes(4, "little") + bytes((kind,)) + extra + body
    with _sending:
        view = memoryview(data)
        while view:
            view = view[os.write(CHANNEL, view) :]


def _max_rss():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if resource else 0
    return peak // 1024 if sys.platform == "darwin" else peak


# The kernel hands the peak of the forking process on to this one; only what grows above it is ours.
_inherited_peak = _max_rss()
_sampled = [0, 0.0]


def peak_memory():
    """Peak resident memory in kB, as four bytes."""
    peak = _max_rss()
    if peak <= _inherited_peak:
        now = time.monotonic()
        if now - _sampled[1] > 0.01:
            try:
                with open("/proc/self/statm", "rb") as statm:
                    pages = int(statm.read().split()[1])
                _sampled[0] = max(_sampled[0], pages * os.sysconf("SC_PAGESIZE") // 1024)
            except (OSError, ValueError):
                pass
            _sampled[1] = now
        peak = _sampled[0]
    return peak.to_bytes(4, "little")


# ---- output

_printed = 0


def log_bytes(kind, data):
    global _printed
    if _printed > MAX_OUTPUT_BYTES:
        return
    _printed += len(data)
    send(LOG, data[:MAX_OUTPUT_BYTES], bytes((kind,)))


def log(text):
    """One whole message. Text that is no UTF-8 is an error of who logs it, as on Lambda."""
    log_bytes(0, text.encode())


class Buffer(io.BufferedIOBase):
    """`sys.stdout.buffer`: takes bytes."""

    def __init__(self, stream):
        self._stream = stream

    def write(self, data):
        self._stream.flush()
        log_bytes(self._stream.kind, bytes(data))
        return len(data)

    def writable(self):
        return True

    def fileno(self):
        return self._stream.fileno()


class Stream(io.TextIOBase):
    """Standard output or error: whole lines go to the host, in order with the result."""

    encoding = "utf-8"
    newlines = None
    errors = None
    line_buffering = True
    mode = "w"

    def __init__(self, name, kind, fd, errors):
        self.name = name
        self.kind = kind
        self.errors = errors
        self.buffer = Buffer(self)
        self._fd = fd
        self._rest = b""

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        data = text.encode("utf-8", self.errors)
        end = data.rfind(b"\n") + 1
        if end:
            rest, self._rest = self._rest, data[end:]
            log_bytes(self.kind, rest + data[:end])
        else:
            self._rest += data
        return len(text)

    def flush(self):
        if self._rest:
            rest, self._rest = self._rest, b""
            log_bytes(self.kind, rest)

    def fileno(self):
        return self._fd

    def writable(self):
        return True

    def reconfigure(self, **_options):
        pass


sys.stdout = sys.__stdout__ = Stream("<stdout>", 1, 1, "strict")
sys.stderr = sys.__stderr__ = Stream("<stderr>", 2, 2, "backslashreplace")


def flush_output():
    sys.__stdout__.flush()
    sys.__stderr__.flush()


# ---- modules that are changed as they are imported: importing them here would cost every start

current = None


def load_own(name):
    """A file beside this one, when there is something for it to do."""
    full = "_faultline_" + name.replace("-", "_")
    return sys.modules.get(full) or load_file(full, os.path.join(HERE, f"python-{name}.py"))


class EffectHost:
    """What effects tell of themselves."""

    @staticmethod
    def report(operation):
        """An outbound operation of the running invocation."""
        if current is not None:
            at = round((monotonic() - started_at) * 1000, 1)
            send(OPERATION, json.dumps({**operation, "at": at}).encode())

    @staticmethod
    def note(text):
        """A line of ours in the handler's log."""
        log("[faultline] " + text)

    @staticmethod
    def errors():
        return errors()

    @staticmethod
    def load_own(name):
        return load_own(name)


def effects():
    module = load_own("effects")
    module.host, module.load_own = EffectHost, load_own
    return module


def patch_logging(logging):
    load_own("log").patch(logging, log, lambda: current.aws_request_id if current else "", LOG_IN_JSON)


class PatchedImports:
    """Finds the modules as ever, and changes each once it has been executed."""

    patches = {"logging": patch_logging, "socket": lambda socket: effects().patch_socket(socket)}

    def find_spec(self, name, path=None, target=None):
        patch = self.patches.pop(name, None)
        if patch is None:
            return None
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target) if finder is not self else None
            if spec is None:
                continue
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                patch(module)

            spec.loader.exec_module = exec_module
            return spec
        return None


sys.meta_path.insert(0, PatchedImports())

# ---- errors


def errors():
    module = load_own("errors")
    module.HERE, module.ROOT = HERE, root
    return module


class Fault(Exception):
    """An error of the runtime: `Runtime.<kind>`."""

    def __init__(self, kind, message, stack=(), cause=None):
        super().__init__(message)
        self.kind = "Runtime." + kind
        self.stack = list(stack)
        self.cause = cause


def payload_of(error, request_id=""):
    """The error payload of the Invoke API. @raises whatever the error's own text raises"""
    message = str(error)
    if isinstance(error, Fault):
        kind, stack = error.kind, error.stack
    else:
        kind, stack = type(error).__name__, errors().stack_of(error)
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": stack}


def log_error(payload):
    if LOG_IN_JSON:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        log(json.dumps({"timestamp": at, "log_level": "ERROR", **payload}))
    else:
        log(errors().text_of(payload))


# ---- start


def load_file(name, file):
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(name, file)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


# What the vendor's client itself imports: a handler's file of such a name is never looked at.
TAKEN = frozenset(
    "abc codecs collections contextlib copyreg decimal encodings enum functools genericpath importlib io json keyword "
    "linecache logging math numbers operator os posixpath re reprlib simplejson stat string struct textwrap threading token "
    "tokenize traceback types warnings weakref".split()
)


def load_module(module_name):
    """Imports `folder.file` as Lambda does; by its file where that name is not importable or is another module's."""
    from importlib import import_module

    name = os.path.splitext(os.path.relpath(handler_file, root))[0].replace(os.sep, ".")
    top, _, rest = name.partition(".")
    if top in sys.builtin_module_names:
        raise Fault("BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    if top in TAKEN:
        sys.path.remove(root)
        import_module(top)
        sys.path.insert(0, root)
        return import_module(name)
    # A module beside the handler hides a folder of the same name: `counter/counter.py` is no `counter.counter` then.
    hidden = rest and os.path.exists(os.path.join(os.path.dirname(handler_file), top + ".py"))
    if hidden or top in sys.modules or name.count(".") != os.path.relpath(handler_file, root).count(os.sep):
        return load_file(name, handler_file)
    module = import_module(name)
    return module if os.path.abspath(getattr(module, "__file__", "") or "") == handler_file else load_file(name, handler_file)


def load_handler():
    name = os.environ.get("_HANDLER", "")
    module_name, _, _ = name.rpartition(".")
    if not module_name or not handler_export:
        raise Fault("MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    try:
        module = load_module(module_name)
    except ImportError as error:
        raise Fault("ImportModuleError", f"Unable to import module '{module_name}': {error}", (), error)
    except SyntaxError as error:
        stack = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Fault("UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", stack, error)
    if not hasattr(module, handler_export):
        raise Fault("HandlerNotFound", f"Handler '{handler_export}' missing on module '{module_name}'")
    return getattr(module, handler_export)


def fail_start(error):
    payload = payload_of(error)
    log_error(payload)
    flush_output()
    place = errors().place_of(getattr(error, "cause", None) or error)
    send(INIT_ERROR, json.dumps({"error": payload, **({"place": place} if place else {})}).encode())
    os._exit(1)


def watch_host():
    """Ends everything when the host is gone, also while a handler computes. Only the hang-up is waited for: a thread
    that waits without the interpreter's lock."""
    import select

    if not hasattr(select, "poll"):
        return
    poll = select.poll()
    poll.register(CHANNEL, select.POLLHUP)

    def wait():
        poll.poll()
        try:
            os.killpg(os.getpid(), 9)
        except OSError:
            os._exit(1)

    _thread.start_new_thread(wait, ())


# ---- invocations

# As it is when nobody has skewed it.
monotonic = time.monotonic
started_at = 0.0
traced = False


class CognitoIdentity:
    __slots__ = ["cognito_identity_id", "cognito_identity_pool_id"]

    def __init__(self):
        self.cognito_identity_id = self.cognito_identity_pool_id = None

    def __repr__(self):
        return "CognitoIdentity([cognito_identity_id=None,cognito_identity_pool_id=None])"


# Read once: os.environ encodes and decodes at every read.
FUNCTION = {
    "log_group_name": os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME"),
    "log_stream_name": os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME"),
    "function_name": os.environ.get("AWS_LAMBDA_FUNCTION_NAME"),
    "memory_limit_in_mb": os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
    "function_version": os.environ.get("AWS_LAMBDA_FUNCTION_VERSION"),
}


class LambdaContext:
    def __init__(self, head):
        self.aws_request_id = head["id"]
        self.__dict__.update(FUNCTION)
        self.invoked_function_arn = head["arn"]
        self.client_context = None
        self.identity = CognitoIdentity()
        self.tenant_id = None
        self._epoch_deadline_time_in_ms = head["deadline"]

    def get_remaining_time_in_millis(self):
        return max(0, int(self._epoch_deadline_time_in_ms) - int(time.time() * 1000))

    def log(self, message):
        log(str(message))

    def __repr__(self):
        fields = ",".join(f"{name}={value}" for name, value in vars(self).items() if name[0] != "_")
        return f"LambdaContext([{fields}])"


def client_context(text):
    try:
        fields = json.loads(text)
    except ValueError as error:
        raise Fault("LambdaContextUnmarshalError", f"Unable to parse Client Context JSON: {error}")
    return load_own("client-context").ClientContext(fields)


SCALARS = {str, int, float, bool, type(None)}
# Lambda's clients escape what is not ASCII up to Python 3.11.
encode = json.JSONEncoder(ensure_ascii=sys.version_info < (3, 12)).encode


def is_plain(value):
    """Whether it is made of nothing but JSON's own types: the standard encoder does with those what the vendor's does."""
    pending, seen = [value], set()
    while pending:
        value = pending.pop()
        kind = type(value)
        if kind is dict:
            if not SCALARS.issuperset(map(type, value)):
                return False
            items = value.values()
        elif kind is list or kind is tuple:
            items = value
        elif kind in SCALARS:
            continue
        else:
            return False
        if id(value) not in seen and not SCALARS.issuperset(map(type, items)):
            seen.add(id(value))
            pending.extend(item for item in items if type(item) not in SCALARS)
    return True


def marshalled(result):
    """The result as JSON text. @raises Fault Runtime.MarshalError"""
    try:
        text = encode(result) if is_plain(result) else load_own("marshal").encode(result, encode)
    except Exception as error:
        raise Fault("MarshalError", f"Unable to marshal response: {error}")
    return text if text.isascii() else text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def call(handler, event, context, head):
    """@returns (frame type, body, extra byte of an error)"""
    answered = False
    try:
        if head.get("clientContext"):
            context.client_context = client_context(head["clientContext"])
        result = handler(json.loads(event), context)
        answered = True
        body = result if isinstance(result, bytes) else marshalled(result)
    except Exception as error:
        payload = payload_of(error, context.aws_request_id)
    else:
        body = body if isinstance(body, bytes) else body.encode()
        if len(body) <= MAX_PAYLOAD_BYTES:
            return RESULT, body, b""
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD_BYTES} bytes)."
        return ERROR, json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}).encode(), b"\1"
    log_error(payload)
    return ERROR, json.dumps(payload).encode(), b"\1" if answered else b"\0"


def with_effects(handler, event, context, head):
    plan = effects().Plan(head["effects"])
    injected = plan.act("before")
    answer = None
    if injected is None:
        with plan:
            answer = call(handler, event, context, head)
        flush_output()
        injected = plan.act("after")
    if injected is None:
        return answer
    kind, message = injected
    payload = {"errorMessage": message, "errorType": kind, "requestId": context.aws_request_id, "stackTrace": []}
    log_error(payload)
    return ERROR, json.dumps(payload).encode(), b"\0"


def invoke(handler, body):
    global current, started_at, traced, _printed
    end = 4 + int.from_bytes(body[:4], "little")
    head = json.loads(body[4:end])
    _printed = 0
    if "traceId" in head:
        os.environ["_X_AMZN_TRACE_ID"] = head["traceId"]
    elif traced:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    traced = "traceId" in head
    current = context = LambdaContext(head)
    started_at = monotonic()
    run = with_effects if "effects" in head else call
    kind, answer, extra = run(handler, body[end:], context, head)
    flush_output()
    current = None
    send(kind, answer, peak_memory() + extra)


def receive(count, pending):
    """Reads until `pending` has `count` bytes. @returns False at the end of the channel"""
    while len(pending) < count:
        chunk = os.read(CHANNEL, max(65_536, count - len(pending)))
        if not chunk:
            return False
        pending += chunk
    return True


def frames():
    """What the host sends, as pairs of type and body."""
    pending = bytearray()
    while receive(5, pending):
        size = 4 + int.from_bytes(pending[:4], "little")
        if not receive(size, pending):
            return
        kind, body = pending[4], bytes(pending[5:size])
        del pending[:size]
        yield kind, body


def open_debugger(mode, received):
    """@param mode `open`, or `wait` to wait with the handler until the host says that a debugger has attached"""
    send(DEBUGGER, json.dumps(load_own("debug").open_debugger()).encode())
    if mode == "wait" and next(received, (STOP, b""))[0] != PROCEED:
        sys.exit(0)


def main():
    received = frames()
    debug = os.environ.pop("FAULTLINE_DEBUG", None)
    if debug is not None:
        open_debugger(debug, received)
    failure = os.environ.pop("FAULTLINE_INIT", None)
    if failure is not None:
        load_own("init-failure").fail(json.loads(failure), fail_start, received)
    sys.path[0:1] = [root, os.path.dirname(handler_file)] if os.path.dirname(handler_file) != root else [root]
    try:
        handler = load_handler()
    except Exception as error:
        fail_start(error)
    flush_output()
    send(READY)
    watch_host()
    for kind, body in received:
        if kind == STOP:
            sys.exit(0)
        if kind == INVOKE:
            invoke(handler, body)


# What is not caught ends the process as it does any Python's: with a traceback, a status, or by SIGINT.
main()
