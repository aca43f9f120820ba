import { ruleTests } from '../../testing.js';

const file = 'handler.py';

ruleTests('unsafe-parse', {
  valid: [
    {
      why: 'a malformed body is answered',
      file,
      code: `import json\ndef handler(event, context):\n    try:\n        body = json.loads(event["body"])\n    except (TypeError, ValueError):\n        return {"statusCode": 400}\n    return {"statusCode": 200, "body": body["a"]}\n`,
    },
    {
      why: 'JSONDecodeError',
      file,
      code: `import json\ndef handler(event, context):\n    try:\n        body = json.loads(event.get("body") or "{}")\n    except json.JSONDecodeError:\n        return {"statusCode": 400}\n    return {"statusCode": 200}\n`,
    },
    {
      why: 'everything within one try',
      file,
      code: `import json\ndef handler(event, context):\n    try:\n        body = json.loads(event["body"])\n        save(body)\n        return {"statusCode": 200}\n    except Exception as e:\n        return {"statusCode": 500}\n`,
    },
    {
      why: 'the body of a message comes from a program',
      file,
      code: `import json\ndef handler(event, context):\n    for r in event["Records"]:\n        work(json.loads(r["body"]))\n`,
    },
    {
      why: 'another text',
      file,
      code: `import json\ndef handler(event, context):\n    config = json.loads(open("config.json").read())\n    return {"statusCode": 200, "body": event["body"]}\n`,
    },
    {
      why: 'a decorator that may answer',
      file,
      code: `import json\nfrom lib import api\n@api\ndef handler(event, context):\n    body = json.loads(event["body"])\n    return {"statusCode": 200, "body": body["a"]}\n`,
    },
    {
      why: 'a helper that answers None',
      file,
      code: `import json\ndef parse(event):\n    try:\n        return json.loads(event["body"])\n    except Exception:\n        return None\ndef handler(event, context):\n    body = parse(event)\n    return {"statusCode": 200 if body else 400}\n`,
    },
    {
      why: 'the helper is called within try',
      file,
      code: `import json\ndef parse(event):\n    return json.loads(event["body"])\ndef handler(event, context):\n    try:\n        body = parse(event)\n    except ValueError:\n        return {"statusCode": 400}\n    return {"statusCode": 200}\n`,
    },
  ],
  invalid: [
    {
      why: 'the body itself',
      file,
      code: `import json\ndef lambda_handler(event, context):\n    body = json.loads(event["body"])\n    return {"statusCode": 200, "body": body["a"]}\n`,
      finds: ['3: A request whose body is missing or no valid JSON makes `json.loads` raise'],
      severity: 'warning',
      fixed: `import json\ndef lambda_handler(event, context):\n    try:\n        body = json.loads(event["body"])\n    except (TypeError, ValueError):\n        return {"statusCode": 400, "body": "The body is not valid JSON"}\n    return {"statusCode": 200, "body": body["a"]}\n`,
    },
    {
      why: 'with get and a default',
      file,
      code: `import json\ndef handler(event, context):\n    data = json.loads(event.get("body", "{}"))\n    return {"statusCode": 200, "body": data["a"]}\n`,
      finds: ['3: `handler` answers it with a bare 500 or 502'],
    },
    {
      why: 'through a variable, and decoded',
      file,
      code: `import json, base64\ndef handler(event, context):\n    raw = event["body"]\n    if event.get("isBase64Encoded"):\n        raw = base64.b64decode(raw).decode("utf-8")\n    return {"statusCode": 200, "body": json.loads(raw)["a"]}\n`,
      finds: ['6: `json.loads`'],
    },
    {
      why: 'only what is missing is caught',
      file,
      code: `import json\ndef handler(event, context):\n    try:\n        name = json.loads(event["body"])["name"]\n    except KeyError:\n        return {"statusCode": 400}\n    return {"statusCode": 200, "body": name}\n`,
      finds: ['4: `json.loads`'],
    },
    {
      why: 'in a helper that gets the event',
      file,
      code: `from json import loads\ndef parse(event):\n    return loads(event["body"])\ndef handler(event, context):\n    body = parse(event)\n    return {"statusCode": 200, "body": body["a"]}\n`,
      finds: ['3: `loads`'],
    },
    {
      why: 'in a helper that gets the body',
      file,
      code: `import json\ndef parse(text):\n    return json.loads(text)\ndef handler(event, context):\n    body = parse(event["body"])\n    return {"statusCode": 200, "body": body["a"]}\n`,
      finds: ['3: `json.loads`'],
    },
    {
      why: 'the try comes too late',
      file,
      code: `import json, boto3\nt = boto3.resource("dynamodb").Table("t")\ndef handler(event, context):\n    body = json.loads(event["body"])\n    try:\n        t.put_item(Item=body)\n        return {"statusCode": 200}\n    except Exception:\n        return {"statusCode": 500}\n`,
      finds: ['4: Catch the error and answer 400'],
    },
  ],
});
