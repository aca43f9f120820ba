"""Memory pressure and running out of memory, inside a Python instance."""

import os
import signal
import sys

MB = 1_048_576
# What one step takes, in MB.
STEP = 8
# What is always left to the machine, in MB: the developer's other processes live on it.
RESERVE = 256


def resident():
    """MB that are resident now; the most that there were, where the kernel does not tell."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE") // MB
    except (OSError, ValueError):
        try:
            import resource
        except ImportError:
            # Windows: what is taken is bounded by the function's memory all the same.
            return 0
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak // (MB if sys.platform == "darwin" else 1024)


def spare():
    """MB that may be taken of the machine's memory; only Linux tells what it could give."""
    try:
        with open("/proc/meminfo", "rb") as meminfo:
            available = next(int(line.split()[1]) // 1024 for line in meminfo if line.startswith(b"MemAvailable:"))
    except (OSError, StopIteration):
        try:
            available = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGESIZE") // MB // 2
        except (AttributeError, OSError, ValueError):
            return 10_240
    return max(0, available - RESERVE)


def block(mb):
    """Resident at once, since every byte is written."""
    return bytearray(b"\1") * (mb * MB)


def hold(mb, host):
    most = min(mb, spare())
    if most < mb:
        host.note(f"only {most} MB are held: the machine has no more to spare")
    return [block(min(STEP, left)) for left in range(most, 0, -STEP)]


def killed(limit, host):
    host.note(f"killed: {resident()} MB used of {limit} MB")
    os.kill(os.getpid(), signal.SIGKILL)


def run_out(host):
    """Above the limit the emulator kills it when it next looks; a handler that has answered by then is killed here."""
    limit = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"))
    held = []
    while resident() <= limit + STEP and len(held) * STEP < limit + 8 * STEP:
        if spare() < STEP:
            host.note("the machine has no memory to spare: the instance is killed before it has reached its limit")
            killed(limit, host)
        held.append(block(STEP))
    return lambda: held and killed(limit, host)


def begin(effects, host):
    held = [hold(effect["mb"], host) for effect in effects if effect["mode"] == "pressure"]
    kill = run_out(host) if any(effect["mode"] == "oom" for effect in effects) else None

    def end():
        if kill:
            kill()
        held.clear()

    return end
