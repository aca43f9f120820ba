"""A full disk, inside a Python instance: nothing is filled, writes are counted.

`open` (builtins and io: what pathlib, tempfile, gzip, zipfile, csv and logging open files with) makes its files with a raw file of
ours while the fault lasts; the functions of `os` that write are wrapped. Files behave as they do when it is over.
"""

import builtins
import errno
import io
import os
import re
import stat

real_open = io.open
# What is left on each full disk; none while no fault says so.
quotas = []
host = None
PROC = os.path.isdir("/proc/self/fd")
CHANNEL = 3
# Of macOS, where fcntl tells the path of an open file.
F_GETPATH = 50


class Quota:
    def __init__(self, effect):
        self.fault, self.left = effect["fault"], effect["freeBytes"]
        self.patterns = [re.compile(each, re.S) for pattern in effect["paths"] for each in expressions(pattern)]
        self.told = set()

    def matches(self, path):
        return not self.patterns or (path is not None and any(each.fullmatch(path) for each in self.patterns))

    def tell(self, target):
        """Once for each file."""
        if target not in self.told:
            self.told.add(target)
            host.report({"kind": "write", "target": target, "fault": self.fault, "saw": "ENOSPC"})


def expressions(pattern):
    forms = [pattern, pattern if "*" in pattern else os.path.realpath(pattern)]
    # Lambda's only writable folder; here each instance has one of its own.
    if pattern == "/tmp" or pattern.startswith("/tmp/"):
        forms.append(os.path.realpath(os.environ.get("TMPDIR", "/tmp")) + pattern[4:])
    return [".*".join(map(re.escape, form.split("*"))) + ("" if "*" in form else "(/.*)?") for form in forms]


def file_of(fd):
    """@returns (whether it is a regular file, its path): sockets, pipes and devices know no full disk"""
    try:
        # Standard input, output and error, and the channel, whatever they are.
        if fd <= CHANNEL or not stat.S_ISREG(os.fstat(fd).st_mode):
            return False, None
        if PROC:
            return True, os.readlink(f"/proc/self/fd/{fd}")
        import fcntl

        return True, os.fsdecode(fcntl.fcntl(fd, F_GETPATH, bytes(1024)).partition(b"\0")[0])
    except (OSError, ImportError, ValueError):
        return True, None


def take(fd, count):
    """@returns how many of the bytes there is room for, which count as written. @raises OSError ENOSPC when there is for none"""
    regular, path = file_of(fd) if quotas and count > 0 else (False, None)
    concerned = [quota for quota in quotas if quota.matches(path)] if regular else []
    if not concerned:
        return count
    fullest = min(concerned, key=lambda quota: quota.left)
    most = min(count, fullest.left)
    if most == 0:
        fullest.tell(path or "a file")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    for quota in concerned:
        quota.left -= most
    return most


def first_bytes(buffers, count):
    """As many of the buffers, the last one cut, as have so many bytes."""
    for buffer in buffers:
        view = memoryview(buffer).cast("B")[:count]
        count -= len(view)
        yield view


def size_of(buffers):
    return sum(memoryview(buffer).nbytes for buffer in buffers)


# ---- files


class LimitedFile(io.FileIO):
    def write(self, data):
        (view,) = first_bytes([data], take(self.fileno(), memoryview(data).nbytes))
        return super().write(view)


LimitedFile.__name__ = LimitedFile.__qualname__ = "FileIO"
LimitedFile.__module__ = "_io"


def is_plain(mode, buffering):
    """Whether nothing is wrong with how a file is opened for writing; the real one tells of what is."""
    if not isinstance(mode, str) or not isinstance(buffering, int) or len(set(mode)) < len(mode) or set(mode) - set("axrwb+t"):
        return False
    one = len(set(mode) & set("axrw")) == 1
    text = "b" not in mode
    return one and set(mode) & set("axw+") and not ("t" in mode and not text) and not (text and buffering == 0)


def open_limited(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    text = isinstance(mode, str) and "b" not in mode
    if not quotas or not is_plain(mode, buffering) or (not text and (encoding, errors, newline) != (None, None, None)):
        return real_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
    result = raw = LimitedFile(file, mode.replace("b", "").replace("t", ""), closefd, opener)
    try:
        lines = buffering == 1 or (buffering < 0 and raw.isatty())
        if buffering == 0:
            return raw
        size = buffering if buffering > 1 else max(getattr(raw, "_blksize", 0), io.DEFAULT_BUFFER_SIZE)
        result = (io.BufferedRandom if "+" in mode else io.BufferedWriter)(raw, size)
        if text:
            result = io.TextIOWrapper(result, encoding, errors, newline, lines)
            result.mode = mode
        return result
    except BaseException:
        result.close()
        raise


open_limited.__name__ = open_limited.__qualname__ = "open"


# ---- the functions of os

real = {}


def write(fd, data):
    (view,) = first_bytes([data], take(fd, memoryview(data).nbytes))
    return real["write"](fd, view)


def pwrite(fd, data, offset):
    (view,) = first_bytes([data], take(fd, memoryview(data).nbytes))
    return real["pwrite"](fd, view, offset)


def writev(fd, buffers):
    return real["writev"](fd, list(first_bytes(buffers, take(fd, size_of(buffers)))))


def pwritev(fd, buffers, offset, *flags):
    return real["pwritev"](fd, list(first_bytes(buffers, take(fd, size_of(buffers)))), offset, *flags)


def posix_fallocate(fd, offset, length):
    if take(fd, length) < length:
        take(fd, length)
    return real["posix_fallocate"](fd, offset, length)


def left_in(fd, offset):
    """Bytes that can be read of a file; none, when nobody knows."""
    try:
        at = os.lseek(fd, 0, os.SEEK_CUR) if offset is None else offset
        return max(0, os.fstat(fd).st_size - at)
    except OSError:
        return None


def sendfile(out_fd, in_fd, offset, count, *rest, **more):
    left = left_in(in_fd, offset)
    most = take(out_fd, count if left is None else min(count, left))
    # At its end there is nothing to be sent, and a count of 0 may mean all.
    return real["sendfile"](out_fd, in_fd, offset, most or count, *rest, **more)


def copy_file_range(src, dst, count, offset_src=None, offset_dst=None):
    left = left_in(src, offset_src)
    most = take(dst, count if left is None else min(count, left))
    return real["copy_file_range"](src, dst, most, offset_src, offset_dst)


WRAPPERS = (write, pwrite, writev, pwritev, posix_fallocate, sendfile, copy_file_range)


def begin(effects, given):
    global host
    host = given
    quotas[:] = [Quota(effect) for effect in effects]
    changes = [(builtins, "open", open_limited), (io, "open", open_limited)]
    changes += [(os, each.__name__, each) for each in WRAPPERS if hasattr(os, each.__name__)]
    undo = []
    for owner, name, ours in changes:
        before = getattr(owner, name)
        if owner is os:
            real[name] = before
        undo.append((owner, name, ours, before))
        setattr(owner, name, ours)

    def end():
        for owner, name, ours, before in undo:
            # A handler's test library may have put its own there meanwhile.
            if getattr(owner, name) is ours:
                setattr(owner, name, before)
        del quotas[:]

    return end
