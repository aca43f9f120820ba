"""The init of this instance fails by a fault (InitFailure in ../types.ts), before the handler's module is loaded."""

import sys


def fail(failure, fail_start, received):
    """Never returns.

    @param fail_start what an error of the handler's module leads to
    @param received what the host sends; its end is the host's
    """
    if failure["how"] == "throw":
        fail_start(type(failure["errorType"], (Exception,), {})(failure["message"]))
    if failure["how"] == "exit":
        sys.exit(failure["exitCode"])
    # Never ready.
    for _frame in received:
        pass
    sys.exit(1)
