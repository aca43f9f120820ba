"""What errors look like to a caller and in the log, as the vendor's client has it [S]. Loaded with the first error."""

import os
import traceback

HERE = ROOT = ""  # set by the bootstrap: folders of its own files, and of the workspace


def own(file):
    return not file.startswith(HERE) and not file.startswith("<frozen")


def stack_of(error):
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if own(frame.filename)]
    return traceback.format_list(frames)


def text_of(payload):
    """Error payload as one message of the log. Lambda indents with no-break spaces."""
    message = payload["errorMessage"]
    lines = ["[ERROR] " + payload["errorType"] + (f": {message}" if message else "")]
    lines.append("Traceback (most recent call last):")
    for line in "".join(payload["stackTrace"]).splitlines():
        text = line.lstrip(" ")
        lines.append("\u00a0" * (len(line) - len(text)) + text)
    return "\n".join(lines)


def place_of(error):
    """Where in the user's own code it comes from."""
    if isinstance(error, SyntaxError) and error.filename:
        place = {"file": error.filename, "line": error.lineno or 1}
        return {**place, "column": error.offset} if error.offset else place
    place = None
    trace = error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if own(file) and "site-packages" not in file and file.startswith(ROOT + os.sep):
            place = {"file": file, "line": trace.tb_lineno}
        trace = trace.tb_next
    return place
