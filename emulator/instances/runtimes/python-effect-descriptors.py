"""File descriptors run out, inside a Python instance.

The limit itself is lowered by the emulator (faults/open-files.ts), to one more than the handler is to have: with that one the
runtime loads what it would need later, then takes it up.
"""

import os


def begin(effects, host):
    # Loaded with the first error otherwise, which this fault is likely to cause.
    host.errors()
    host.load_own("marshal")
    try:
        spare = os.open(os.devnull, os.O_RDONLY)
    except OSError:
        # Something that an earlier invocation has left running was faster.
        return None
    return lambda: os.close(spare)
