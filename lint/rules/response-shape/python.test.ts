import { ruleTests } from '../../testing.js';

const file = 'handler.py';

ruleTests('response-shape', {
  valid: [
    {
      why: 'every way answers',
      file,
      code: `def handler(event, context):\n    if event["httpMethod"] == "GET":\n        return {"statusCode": 200, "body": "a"}\n    else:\n        return {"statusCode": 405}\n`,
    },
    {
      why: 'try and except answer',
      file,
      code: `def handler(event, context):\n    try:\n        return {"statusCode": 200, "body": load(event["pathParameters"])}\n    except KeyError:\n        return {"statusCode": 400}\n    except Exception:\n        raise\n`,
    },
    {
      why: 'HTTP APIs take plain values, which this handler always answers',
      file,
      code: `def handler(event, context):\n    return {"message": event["rawPath"]}\n`,
    },
    {
      why: 'a helper that is not shown makes the answer',
      file,
      code: `from lib import reply\ndef handler(event, context):\n    if event["httpMethod"] == "OPTIONS":\n        return {"statusCode": 204}\n    return reply(event)\n`,
    },
    {
      why: 'warming up',
      file,
      code: `def handler(event, context):\n    if event.get("source") == "warmup":\n        return "warm"\n    return {"statusCode": 200, "body": event["path"]}\n`,
    },
    {
      why: 'while True that returns',
      file,
      code: `def handler(event, context):\n    while True:\n        if ready(event["rawPath"]):\n            return {"statusCode": 200}\n`,
    },
    {
      why: 'a queue',
      file,
      code: `def handler(event, context):\n    for r in event["Records"]:\n        work(r["body"])\n    if not event:\n        return {"statusCode": 200}\n`,
    },
    {
      why: 'the body of a handler that may be anybody’s',
      file,
      code: `def handler(event, context):\n    return {"statusCode": 200, "body": {"id": event["id"]}}\n`,
    },
    {
      why: 'Powertools’ resolver makes the answer',
      file,
      code: `from aws_lambda_powertools.event_handler import APIGatewayRestResolver\napp = APIGatewayRestResolver()\n@app.get("/a")\ndef a():\n    return {"id": 1}\ndef handler(event, context):\n    return app.resolve(event, context)\n`,
    },
    {
      why: 'all cases of a match',
      file,
      code: `def handler(event, context):\n    match event["httpMethod"]:\n        case "GET":\n            return {"statusCode": 200}\n        case _:\n            return {"statusCode": 405}\n`,
    },
  ],
  invalid: [
    {
      why: 'an if without else at the end',
      file,
      code: `def lambda_handler(event, context):\n    if event["httpMethod"] == "GET":\n        return {"statusCode": 200, "body": "a"}\n    elif event["httpMethod"] == "POST":\n        return {"statusCode": 201}\n`,
      finds: ['1: ends here without an answer'],
      severity: 'error',
    },
    {
      why: 'an except that only logs',
      file,
      code: `def handler(event, context):\n    try:\n        return {"statusCode": 200, "body": load(event["pathParameters"]["id"])}\n    except Exception as e:\n        print(e)\n`,
      finds: ['4: without an answer'],
    },
    {
      why: 'text in between',
      file,
      code: `def handler(event, context):\n    if "queryStringParameters" not in event:\n        return "missing parameters"\n    return {"statusCode": 200, "body": "x"}\n`,
      finds: ['3: returns text here, without `statusCode`'],
    },
    {
      why: 'a dictionary in between',
      file,
      code: `def handler(event, context):\n    if not event.get("queryStringParameters"):\n        return {"error": "missing"}\n    return {"statusCode": 200, "body": "x"}\n`,
      finds: ['3: returns a dictionary'],
    },
    {
      why: 'return alone',
      file,
      code: `def handler(event, context):\n    item = find(event["pathParameters"])\n    if item is None:\n        return\n    return {"statusCode": 200, "body": item}\n`,
      finds: ['4: without an answer'],
    },
    {
      why: 'a body that is a dictionary',
      file,
      code: `import json\ndef handler(event, context):\n    return {"statusCode": 200, "body": {"path": event["rawPath"]}}\n`,
      finds: ['3: API Gateway takes only text'],
      fixed: `import json\ndef handler(event, context):\n    return {"statusCode": 200, "body": json.dumps({"path": event["rawPath"]})}\n`,
    },
  ],
});
