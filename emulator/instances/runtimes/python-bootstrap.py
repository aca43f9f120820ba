"""What runs inside a Python instance: loads the handler, then takes invocations from file descriptor 3 one at a time.

Shipped as it is, run by the user's own Python (3.8 or later): standard library only, and nothing imported that the start
does not need. Usage: python -B python-bootstrap.py FILE EXPORT ROOT; the frames of the channel are described in
../frames.ts, how an invocation ends in FACTS section 3.
"""

import _thread
import json
import os
import sys
import time

try:
    import resource
except ImportError:  # Windows
    resource = None

CHANNEL = 3
INVOKE, STOP = 0xA1, 0xA2
READY, INIT_ERROR, RESULT, ERROR, FATAL, LOG, OPERATION = 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7
MAX_PAYLOAD_BYTES = 6_291_556
# The host cuts an invocation's output at 1 MB and says so; what is beyond that is not worth sending.
MAX_OUTPUT_BYTES = 1_100_000

HERE = os.path.dirname(os.path.abspath(__file__))
handler_file, handler_export, root = sys.argv[1:4]
sys.argv = [handler_file]
os.set_inheritable(CHANNEL, False)

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


def log(kind, text):
    global _printed
    if _printed > MAX_OUTPUT_BYTES:
        return
    body = text[:MAX_OUTPUT_BYTES].encode("utf-8", "backslashreplace")
    _printed += len(body)
    send(LOG, body, bytes((kind,)))


class Buffer:
    """`sys.stdout.buffer`: takes bytes."""

    def __init__(self, stream):
        self._stream = stream

    def write(self, data):
        self._stream.write(bytes(data).decode("utf-8", "replace"))
        return len(data)

    def flush(self):
        self._stream.flush()


class Stream:
    """Standard output or error: whole lines go to the host, in order with the result."""

    encoding = "utf-8"
    errors = "backslashreplace"
    newlines = None
    closed = False
    line_buffering = True

    def __init__(self, name, kind, fd):
        self.name = name
        self.mode = "w"
        self._kind = kind
        self._fd = fd
        self._rest = ""
        self.buffer = Buffer(self)

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        end = text.rfind("\n") + 1
        if end:
            rest, self._rest = self._rest, text[end:]
            log(self._kind, rest + text[:end])
        else:
            self._rest += text
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        if self._rest:
            rest, self._rest = self._rest, ""
            log(self._kind, rest)

    def fileno(self):
        return self._fd

    def isatty(self):
        return False

    def readable(self):
        return False

    def writable(self):
        return True

    def seekable(self):
        return False

    def close(self):
        self.flush()

    def reconfigure(self, **_options):
        pass


sys.stdout = sys.__stdout__ = Stream("<stdout>", 1, 1)
sys.stderr = sys.__stderr__ = Stream("<stderr>", 2, 2)


def flush_output():
    sys.__stdout__.flush()
    sys.__stderr__.flush()


# ---- modules that are changed as they are imported: importing them here would cost every start

current = None


def patch_logging(logging):
    """The root logger writes lines as Lambda's does: `[LEVEL]<tab>time<tab>request id<tab>message`."""

    class Handler(logging.Handler):
        def emit(self, record):
            log(0, self.format(record))

    class Filter(logging.Filter):
        def filter(self, record):
            record.aws_request_id = current.aws_request_id if current else ""
            return True

    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler = Handler()
    handler.setFormatter(formatter)
    handler.addFilter(Filter())
    logging.root.addHandler(handler)


def effects():
    """The faults' own module, when there is something for it to do."""
    module = sys.modules.get("_faultline_effects")
    if module is None:
        module = load_file("_faultline_effects", os.path.join(HERE, "python-effects.py"))
        module.report = report
    return module


def report(target, fault):
    if current is not None:
        operation = {"kind": "connect", "target": target, "at": round((time.monotonic() - started_at) * 1000, 1)}
        if fault:
            operation["fault"] = fault
        send(OPERATION, json.dumps(operation).encode())


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


def own(frame_file):
    return not frame_file.startswith(HERE) and not frame_file.startswith("<frozen")


def stack_of(error):
    import traceback

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if own(frame.filename)]
    return traceback.format_list(frames)


def payload_of(kind, message, stack, request_id=None):
    payload = {"errorMessage": message, "errorType": kind}
    if request_id is not None:
        payload["requestId"] = request_id
    payload["stackTrace"] = stack
    return payload


def log_error(payload):
    lines = [f"[ERROR] {payload['errorType']}: {payload['errorMessage']}"]
    if payload["stackTrace"]:
        lines += ["Traceback (most recent call last):", "".join(payload["stackTrace"]).rstrip("\n")]
    log(0, "\n".join(lines))


def place_of(error):
    if isinstance(error, SyntaxError) and error.filename:
        place = {"file": error.filename, "line": error.lineno or 1}
        return {**place, "column": error.offset} if error.offset else place
    place = None
    traceback = error.__traceback__
    while traceback:
        file = traceback.tb_frame.f_code.co_filename
        if own(file) and "site-packages" not in file and file.startswith(root + os.sep):
            place = {"file": file, "line": traceback.tb_lineno}
        traceback = traceback.tb_next
    return place


# ---- start


def load_file(name, file):
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(name, file)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def load_module():
    """Imports `folder.file` as Lambda does; by its file where that name is not importable or is another module's."""
    name = os.path.splitext(os.path.relpath(handler_file, root))[0].replace(os.sep, ".")
    if not all(part.isidentifier() for part in name.split(".")):
        return load_file(name.replace(".", "_").replace("-", "_"), handler_file)
    top, _, rest = name.partition(".")
    # A module beside the handler hides a folder of the same name: `counter/counter.py` is no `counter.counter` then.
    hidden = rest and os.path.exists(os.path.join(os.path.dirname(handler_file), top + ".py"))
    if hidden or top in sys.modules:
        return load_file(name, handler_file)
    from importlib import import_module

    module = import_module(name)
    return module if os.path.abspath(getattr(module, "__file__", "") or "") == handler_file else load_file(name, handler_file)


class LoadError(Exception):
    def __init__(self, kind, message, cause=None):
        super().__init__(message)
        self.kind = kind
        self.cause = cause


def load_handler():
    name = os.environ.get("_HANDLER", "")
    module_name, _, _ = name.rpartition(".")
    if not module_name or not handler_export:
        raise LoadError("Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    try:
        module = load_module()
    except ImportError as error:
        raise LoadError("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}", error)
    except SyntaxError as error:
        raise LoadError("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", error)
    if not hasattr(module, handler_export):
        raise LoadError("Runtime.HandlerNotFound", f"Handler '{handler_export}' missing on module '{module_name}'")
    handler = getattr(module, handler_export)
    if not callable(handler):
        raise LoadError("Runtime.HandlerNotFound", f"Handler '{handler_export}' on module '{module_name}' is not callable")
    return handler


def fail_start(error):
    cause = (error.cause or error) if isinstance(error, LoadError) else error
    kind = error.kind if isinstance(error, LoadError) else type(error).__name__
    payload = payload_of(kind, str(error), stack_of(cause) if cause is not error or kind[:8] != "Runtime." else [])
    log_error(payload)
    flush_output()
    place = place_of(cause)
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

started_at = 0.0


class LambdaContext:
    def __init__(self, head):
        env = os.environ
        self.aws_request_id = head["id"]
        self.invoked_function_arn = head["arn"]
        self.function_name = env.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = env.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = env.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = env.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = env.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.identity = None
        self.client_context = client_context(head.get("clientContext"))
        self._deadline = head["deadline"]

    def get_remaining_time_in_millis(self):
        return max(0, int(self._deadline - time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        return f"LambdaContext([aws_request_id={self.aws_request_id},function_name={self.function_name}])"


def client_context(text):
    """The mobile SDK's client context as an object with `custom`, `env` and `client`."""
    try:
        fields = json.loads(text) if text else None
    except ValueError:
        return None
    if not isinstance(fields, dict):
        return None
    from types import SimpleNamespace

    client = SimpleNamespace(**(fields.get("client") or {}))
    return SimpleNamespace(custom=fields.get("custom"), env=fields.get("env"), client=client)


def encode_default(value):
    # Only asked for what json cannot encode; importing decimal for nothing would be a cost at the start.
    decimal = sys.modules.get("decimal")
    if decimal and isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def call(handler, event, context):
    """@returns (frame type, body, extra byte of an error)"""
    try:
        result = handler(event, context)
    except Exception as error:
        payload = payload_of(type(error).__name__, str(error), stack_of(error), context.aws_request_id)
        log_error(payload)
        return ERROR, json.dumps(payload).encode(), b"\0"
    try:
        body = json.dumps(result, default=encode_default).encode()
    except Exception as error:
        message = f"Unable to marshal response: {error}"
        payload = payload_of("Runtime.MarshalError", message, [], context.aws_request_id)
        log_error(payload)
        return ERROR, json.dumps(payload).encode(), b"\1"
    if len(body) > MAX_PAYLOAD_BYTES:
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD_BYTES} bytes)."
        payload = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}
        return ERROR, json.dumps(payload).encode(), b"\1"
    return RESULT, body, b""


def with_effects(handler, event, context, wanted):
    plan = effects().Plan(wanted)
    injected = plan.act("before")
    answer = None
    if injected is None:
        with plan:
            answer = call(handler, event, context)
        flush_output()
        injected = plan.act("after")
    if injected is None:
        return answer
    payload = payload_of(injected[0], injected[1], [], context.aws_request_id)
    log_error(payload)
    return ERROR, json.dumps(payload).encode(), b"\0"


def invoke(handler, body):
    global current, started_at, _printed
    end = 4 + int.from_bytes(body[:4], "little")
    head = json.loads(body[4:end])
    _printed = 0
    if "traceId" in head:
        os.environ["_X_AMZN_TRACE_ID"] = head["traceId"]
    current = context = LambdaContext(head)
    started_at = time.monotonic()
    event = json.loads(body[end:])
    if "effects" in head:
        kind, answer, extra = with_effects(handler, event, context, head["effects"])
    else:
        kind, answer, extra = call(handler, event, context)
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


def main():
    sys.path[0:1] = [root, os.path.dirname(handler_file)] if os.path.dirname(handler_file) != root else [root]
    try:
        handler = load_handler()
    except Exception as error:
        fail_start(error)
    flush_output()
    send(READY)
    watch_host()
    pending = bytearray()
    while receive(5, pending):
        size = 4 + int.from_bytes(pending[:4], "little")
        if not receive(size, pending):
            break
        kind, body = pending[4], bytes(pending[5:size])
        del pending[:size]
        if kind == STOP:
            sys.exit(0)
        if kind == INVOKE:
            invoke(handler, body)


try:
    main()
except SystemExit:
    flush_output()
    raise
except BaseException as error:
    import traceback

    traceback.print_exception(type(error), error, error.__traceback__)
    flush_output()
    os._exit(1)
