"""Clock skew, inside a Python instance: the module `time`, and `now`, `utcnow` and `today` of `datetime`.

What waits goes by the real time: sleeping, threads, event loops; so do the runtime and the times of log records. Names that
modules have imported (`from time import time`, `from datetime import datetime`) are changed in them, and changed back.
"""

import datetime
import os
import sys
import time

STDLIB = os.path.dirname(os.__file__) + os.sep
HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
# Modules that keep the real time: they compare it with what they wait for, or tell when something was logged.
KEPT = frozenset(
    "__main__ threading queue selectors select asyncio subprocess concurrent multiprocessing socket socketserver ssl sched logging "
    "_strptime".split()
)

STEADY = ("monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")
real = {name: value for name, value in vars(time).items() if callable(value) and not isinstance(value, type)}
# ns ahead of the real time; all is 0 while no fault says otherwise, for whoever kept one of ours.
wall_ns = steady_ns = 0
gain = 0.0
began = {}


def kept():
    """Whether the caller of one of the functions below is to get the real time."""
    name = sys._getframe(2).f_globals.get("__name__") or ""
    return name.partition(".")[0] in KEPT or name.startswith("_faultline_")


def skewed(name, ns, ahead):
    now = real[name]()
    ahead_ns = ahead + (now - began.get(name, now)) * (1 if ns else 1e9) * gain
    return now + (int(ahead_ns) if ns else ahead_ns / 1e9)


def steady_clock(name, ns):
    def clock():
        return real[name]() if kept() else skewed(name, ns, steady_ns)

    return clock


def time_now():
    return real["time"]() if kept() else skewed("time", False, wall_ns)


def time_now_ns():
    return real["time_ns"]() if kept() else skewed("time_ns", True, wall_ns)


def of_now(name):
    """Of a function that takes seconds, and those of now when there are none."""

    def function(seconds=None):
        return real[name](skewed("time", False, wall_ns) if seconds is None and not kept() else seconds)

    return function


def strftime(text, *at):
    return real["strftime"](text, *(at if at or kept() else (real["localtime"](skewed("time", False, wall_ns)),)))


def asctime(*at):
    return real["asctime"](*(at if at or kept() else (real["localtime"](skewed("time", False, wall_ns)),)))


functions = {"time": time_now, "time_ns": time_now_ns, "strftime": strftime, "asctime": asctime}
functions.update({name: of_now(name) for name in ("gmtime", "localtime", "ctime")})
functions.update({name: steady_clock(name, name.endswith("_ns")) for name in STEADY})
for name, function in functions.items():
    function.__name__ = function.__qualname__ = name


# ---- dates: what is made is of the real classes, so that nothing of ours outlives the fault


def real_class(made):
    return next(each for each in made.__mro__ if each.__module__ == "datetime" and not isinstance(each, Skewed))


class Skewed(type):
    """A class that stands for the real one."""

    def __instancecheck__(cls, value):
        return isinstance(value, real_class(cls)) if cls in stand_ins else type.__instancecheck__(cls, value)

    def __subclasscheck__(cls, other):
        return issubclass(other, real_class(cls)) if cls in stand_ins else type.__subclasscheck__(cls, other)


def made_by(cls):
    return real_class(cls) if cls in stand_ins else cls


def date_now(cls, tz=None):
    seconds, rest = divmod(skewed("time_ns", True, wall_ns), 1_000_000_000)
    return made_by(cls).fromtimestamp(seconds, tz).replace(microsecond=rest // 1000)


class Date(datetime.date, metaclass=Skewed):
    def __new__(cls, *args, **kwargs):
        return datetime_date.__new__(made_by(cls), *args, **kwargs)

    @classmethod
    def today(cls):
        return made_by(cls).fromtimestamp(skewed("time", False, wall_ns))


class DateTime(datetime.datetime, metaclass=Skewed):
    def __new__(cls, *args, **kwargs):
        return datetime_datetime.__new__(made_by(cls), *args, **kwargs)

    @classmethod
    def now(cls, tz=None):
        return date_now(cls, tz)

    @classmethod
    def utcnow(cls):
        return date_now(cls, datetime.timezone.utc).replace(tzinfo=None)

    @classmethod
    def today(cls):
        return date_now(cls)


datetime_date, datetime_datetime = datetime.date, datetime.datetime
stand_ins = (Date, DateTime)
for stand_in, name in ((Date, "date"), (DateTime, "datetime")):
    stand_in.__name__ = stand_in.__qualname__ = name
    stand_in.__module__ = "datetime"


# ---- putting them in place


def pairs():
    """(the real one, ours)"""
    yield datetime_date, Date
    yield datetime_datetime, DateTime
    for name, function in functions.items():
        yield real[name], function


def is_library(module):
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or file.startswith(HERE):
        return True
    return file.startswith(STDLIB) and "-packages" + os.sep not in file


def swap(changes):
    """@param changes pairs of what is there and what takes its place"""
    by_id = {id(before): after for before, after in changes}
    for module in list(sys.modules.values()):
        if module is not time and module is not datetime and (module is sys.modules["__main__"] or is_library(module)):
            continue
        for name, value in list(vars(module).items()):
            if id(value) in by_id:
                setattr(module, name, by_id[id(value)])


def begin(effects, host):
    global wall_ns, steady_ns, gain
    wall_ns = sum(effect["offsetMs"] for effect in effects) * 1_000_000
    # What only counts on never goes back.
    steady_ns = sum(max(0, effect["offsetMs"]) for effect in effects if effect["clocks"] == "all") * 1_000_000
    product = 1.0
    for effect in effects:
        product *= effect["speed"]
    gain = product - 1
    began.update({name: real[name]() for name in ("time", "time_ns", *STEADY)})
    swap(pairs())

    def end():
        global wall_ns, steady_ns, gain
        swap((ours, before) for before, ours in pairs())
        wall_ns = steady_ns = 0
        gain = 0.0

    return end
