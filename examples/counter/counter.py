"""Counts up or down, between 0 and 100."""

import json

LOWEST = 0
HIGHEST = 100


def lambda_handler(event, context):
    # Behind a route the request is the JSON body; invoked directly, it is the event itself.
    try:
        request = json.loads(event["body"]) if "body" in event else event
        counter = int(request["counter"])
        operation = request["operation"]
    except (KeyError, TypeError, ValueError):
        return answer(400, {"error": "Send {\"counter\": number, \"operation\": \"increment\" or \"decrement\"}"})

    if operation == "increment":
        counter += 1
    elif operation == "decrement":
        counter -= 1
    else:
        return answer(400, {"error": "Invalid operation"})

    counter = max(LOWEST, min(HIGHEST, counter))
    print(f"{operation}: {counter}")
    return answer(200, {"counter": counter})


def answer(status, body):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body),
    }
