"""Counts the days that it was called for; every other call fails, to show what retries do."""

calls = 0


def handler(event, context):
    global calls
    calls += 1
    print(f"call {calls} at {event.get('time', 'some time')}")
    if calls % 2:
        raise RuntimeError("the printer is out of paper")
    return {"calls": calls}
