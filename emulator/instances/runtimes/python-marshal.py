"""JSON of results that are not made of JSON's own types, as the vendor's client encodes them [S]: simplejson, whose named
tuples are objects and whose bytes are text, and decimals as they are written. Loaded for the first such result.
"""

import decimal


def encode(value, scalar):
    """@param scalar encodes text and numbers. @raises TypeError, ValueError, UnicodeDecodeError as simplejson words them"""
    return Writer(scalar).write(value)


class Writer:
    def __init__(self, scalar):
        self.scalar = scalar
        self.parents = set()

    def write(self, value):
        if isinstance(value, bytes):
            return self.scalar(value.decode("utf-8"))
        if value is None or isinstance(value, (str, bool, int, float)):
            return self.scalar(value)
        if isinstance(value, list):
            return self.inside(value, lambda: "[" + ", ".join(map(self.write, value)) + "]")
        as_dict = getattr(value, "_asdict", None)
        if callable(as_dict):
            return self.inside(value, lambda: self.object(as_dict()))
        if isinstance(value, tuple):
            return self.inside(value, lambda: "[" + ", ".join(map(self.write, value)) + "]")
        if isinstance(value, dict):
            return self.inside(value, lambda: self.object(value))
        if isinstance(value, decimal.Decimal):
            return "NaN" if value.is_nan() else str(value)
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")

    def inside(self, value, write):
        if id(value) in self.parents:
            raise ValueError("Circular reference detected")
        self.parents.add(id(value))
        text = write()
        self.parents.discard(id(value))
        return text

    def object(self, value):
        return "{" + ", ".join(f"{self.scalar(self.key(key))}: {self.write(each)}" for key, each in value.items()) + "}"

    def key(self, key):
        if isinstance(key, str):
            return key
        if isinstance(key, bytes):
            return key.decode("utf-8")
        if key is None or isinstance(key, (bool, int, float)):
            return self.scalar(key)
        raise TypeError(f"keys must be str, int, float, bool or None, not {type(key).__name__}")
