import { ruleTests } from '../../testing.js';

const file = 'handler.py';

ruleTests('status-from-async-source', {
  valid: [
    {
      why: 'an HTTP handler',
      file,
      code: `def handler(event, context):\n    if not event["body"]:\n        return {"statusCode": 400, "body": "empty"}\n    return {"statusCode": 200}\n`,
    },
    {
      why: 'success only, which is useless but no loss',
      file,
      code: `def handler(event, context):\n    for r in event["Records"]:\n        work(r["body"])\n    return {"statusCode": 200, "body": "ok"}\n`,
    },
    {
      why: 'raises',
      file,
      code: `def handler(event, context):\n    for r in event["Records"]:\n        if "body" not in r:\n            raise ValueError("no body")\n`,
    },
    { why: 'nobody shows who calls', file, code: `def handler(event, context):\n    return {"statusCode": 500}\n` },
    {
      why: 'called by several, one of which reads the status',
      file,
      code: `def handler(event, context):\n    return {"statusCode": 500, "body": event["id"]}\n`,
      deployed: { kinds: ['http', 'schedule'] },
    },
    {
      why: 'an authorizer',
      file,
      code: `def handler(event, context):\n    if event["authorizationToken"] != "x":\n        return {"statusCode": 401}\n    return {"policyDocument": {}}\n`,
    },
  ],
  invalid: [
    {
      why: 'a queue',
      file,
      code: `def lambda_handler(event, context):\n    try:\n        for record in event["Records"]:\n            save(record["body"])\n        return {"statusCode": 200}\n    except Exception as e:\n        print(e)\n        return {"statusCode": 500, "body": str(e)}\n`,
      finds: ['8: `lambda_handler` is called by a queue, which reads no status: answering 500 counts as success'],
      severity: 'error',
    },
    {
      why: 'S3',
      file,
      code: `def handler(event, context):\n    key = event["Records"][0]["s3"]["object"]["key"]\n    if not key.endswith(".csv"):\n        return {"statusCode": 400, "body": "not a csv"}\n    load(key)\n`,
      finds: ['4: an event source'],
    },
    {
      why: 'EventBridge',
      file,
      code: `def handler(event, context):\n    detail = event["detail"]\n    try:\n        work(detail)\n    except Exception:\n        return {"statusCode": 502}\n`,
      finds: ['6: 502'],
    },
    {
      why: 'a schedule of the configuration, through a helper',
      file,
      code: `def reply(status, body):\n    return {"statusCode": status, "body": body}\ndef handler(event, context):\n    try:\n        work()\n    except Exception:\n        return reply(500, "failed")\n    return reply(200, "done")\n`,
      deployed: { kinds: ['schedule'] },
      finds: ['7: a schedule'],
    },
    {
      why: 'through a variable',
      file,
      code: `def handler(event, context):\n    try:\n        work(event["Records"][0]["Sns"]["Message"])\n    except Exception:\n        response = {"statusCode": 500}\n        return response\n    response = {"statusCode": 200}\n    return response\n`,
      finds: ['6: 500'],
    },
    {
      why: 'a type hint',
      file,
      code: `from aws_lambda_powertools.utilities.data_classes import SQSEvent\ndef handler(event: SQSEvent, context):\n    return {"statusCode": 503}\n`,
      finds: ['3: a queue'],
    },
  ],
});
