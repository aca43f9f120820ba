import { ruleTests } from '../../testing.js';

const file = 'handler.py';
const table = 'import boto3\ntable = boto3.resource("dynamodb").Table("t")\n';
const queue = (body: string): string =>
  `${table}def handler(event, context):\n    for record in event["Records"]:\n        try:\n            table.put_item(Item={"id": record["body"]})\n        except Exception as e:\n${body}`;

ruleTests('swallowed-error', {
  valid: [
    {
      why: 'reported as failed',
      file,
      code: queue(
        '            failures.append({"itemIdentifier": record["messageId"]})\n    return {"batchItemFailures": failures}\n',
      ),
    },
    {
      why: 'counted, and raised in the end',
      file,
      code: queue(
        '            print(e)\n            failed += 1\n    if failed:\n        raise RuntimeError("some failed")\n',
      ),
    },
    {
      why: 'told to somebody',
      file,
      code: queue('            logger.exception("put")\n            sns.publish(TopicArn=t, Message=str(e))\n'),
    },
    {
      why: 'a comment says that it is meant',
      file,
      code: queue('            # samples only: best effort\n            print(e)\n'),
    },
    {
      why: 'a duplicate is a state of affairs',
      file,
      code: `${table}from botocore.exceptions import ClientError\ndef handler(event, context):\n    for r in event["Records"]:\n        try:\n            table.put_item(Item={"id": r["body"]})\n        except table.meta.client.exceptions.ConditionalCheckFailedException:\n            print("seen before")\n`,
    },
    {
      why: 'one branch raises',
      file,
      code: queue('            if "Throttl" in str(e):\n                raise\n            print(e)\n'),
    },
    {
      why: 'answers an error by a helper of another file',
      file,
      code: `from lib import failed\n${table}def handler(event, context):\n    try:\n        table.put_item(Item={"id": event["body"]})\n    except Exception as e:\n        print(e)\n        return failed(500, str(e))\n    return {"statusCode": 200}\n`,
    },
    {
      why: 'what is missing afterwards is looked at',
      file,
      code: `${table}def handler(event, context):\n    item = None\n    try:\n        item = table.get_item(Key={"id": event["path"]})\n    except Exception as e:\n        print(e)\n    if item is None:\n        return {"statusCode": 503}\n    return {"statusCode": 200}\n`,
    },
    {
      why: 'another source stands in',
      file,
      code: `${table}def load(id):\n    try:\n        return table.get_item(Key={"id": id})\n    except Exception:\n        pass\n    return read_local(id)\n`,
    },
    {
      why: 'a default stands in',
      file,
      code: `import requests\ndef region():\n    name = "unknown"\n    try:\n        name = requests.get(u, timeout=1).text\n    except Exception:\n        pass\n    return name\n`,
    },
    {
      why: 'the next attempt is the answer',
      file,
      code: `import requests\ndef load():\n    for attempt in range(3):\n        try:\n            return requests.get(u, timeout=1)\n        except Exception:\n            pass\n    raise RuntimeError("down")\n`,
    },
    {
      why: 'a helper whose caller looks at the result',
      file,
      code: `${table}def save(id):\n    try:\n        table.put_item(Item={"id": id})\n        return True\n    except Exception as e:\n        print(e)\n        return False\ndef handler(event, context):\n    if not save(event["Records"][0]["body"]):\n        raise RuntimeError("not saved")\n`,
    },
    {
      why: 'a notification is a side issue',
      file,
      code: `import requests\ndef notify(text):\n    try:\n        requests.post(u, data=text, timeout=1)\n    except Exception as e:\n        print(e)\ndef handler(event, context):\n    notify(event["Records"][0]["body"])\n`,
    },
    {
      why: 'Flask: a tuple with a status',
      file,
      code: `import requests\nfrom flask import Flask, jsonify\napp = Flask(__name__)\n@app.route("/")\ndef index():\n    try:\n        return jsonify(requests.get(u, timeout=1).json())\n    except Exception as e:\n        return jsonify({"error": str(e)}), 502\n`,
    },
    {
      why: 'Flask: abort',
      file,
      code: `import requests\nfrom flask import Flask, abort\napp = Flask(__name__)\n@app.route("/")\ndef index():\n    try:\n        return requests.get(u, timeout=1).json()\n    except Exception as e:\n        abort(502)\n`,
    },
    {
      why: 'the status of the answer is set',
      file,
      code: `${table}def handler(event, context):\n    response = {"statusCode": 200, "body": event["path"]}\n    try:\n        table.put_item(Item={"id": "a"})\n    except Exception as e:\n        print(e)\n        response["statusCode"] = 500\n    return response\n`,
    },
    {
      why: 'the status is kept',
      file,
      code: `${table}def handler(event, context):\n    status = 200\n    try:\n        table.put_item(Item={"id": event["body"]})\n    except Exception as e:\n        print(e)\n        status = 500\n    return {"statusCode": status}\n`,
    },
    {
      why: 'what follows is for the failure',
      file,
      code: `${table}def handler(event, context):\n    try:\n        return table.put_item(Item={"id": event["detail"]["id"]})\n    except Exception as e:\n        print(e)\n    send_elsewhere(event)\n`,
    },
    {
      why: 'a plain invocation gets the error as a value',
      file,
      code: `${table}def handler(event, context):\n    try:\n        table.put_item(Item={"id": event["id"]})\n        return {"ok": True}\n    except Exception as e:\n        return {"ok": False, "error": str(e)}\n`,
    },
  ],
  invalid: [
    {
      why: 'a queue, whose handler returns something at its end',
      file,
      code: queue('            print(e)\n    return {"statusCode": 200}\n'),
      finds: ['7: When `table.put_item` fails, `handler` logs it and ends well'],
      severity: 'warning',
    },
    {
      why: 'a message that is made for the log only',
      file,
      code: queue('            message = f"failed: {e}"\n            print(message)\n'),
      finds: ['7: never retries it'],
    },
    {
      why: 'returns to nobody',
      file,
      code: `${table}def handler(event, context):\n    try:\n        table.put_item(Item={"id": event["detail"]["id"]})\n    except Exception as e:\n        print(e)\n        return False\n`,
      finds: ['6: never retries it'],
    },
    {
      why: 'a helper that logs, and whose result nobody looks at',
      file,
      code: `${table}def save(id):\n    try:\n        table.put_item(Item={"id": id})\n    except Exception as e:\n        print(e)\ndef handler(event, context):\n    for r in event["Records"]:\n        save(r["body"])\n`,
      finds: ['6: `handler` logs it and ends well'],
    },
    {
      why: 'a record function of Powertools',
      file,
      code: `from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response\n${table}processor = BatchProcessor(event_type=EventType.SQS)\ndef store(record):\n    try:\n        table.put_item(Item=record.json_body)\n    except Exception:\n        logger.exception("store")\n    return record\ndef handler(event, context):\n    return process_partial_response(event=event, record_handler=store, processor=processor, context=context)\n`,
      finds: ['8: `store` logs it and ends well'],
    },
    {
      why: 'an event function of Cloud Functions',
      file,
      code: `import functions_framework, requests\n@functions_framework.cloud_event\ndef on_upload(cloud_event):\n    try:\n        requests.post(u, json=cloud_event.data, timeout=1)\n    except Exception as e:\n        print(e)\n`,
      finds: ['6: `on_upload` logs it'],
    },
    {
      why: 'a background function',
      file,
      code: `from google.cloud import firestore\ndb = firestore.Client()\ndef on_message(event, context):\n    try:\n        db.collection("a").add({"data": event["data"]})\n    except Exception:\n        print("failed")\n`,
      finds: ['6: `on_message`'],
    },
    {
      why: 'Flask: a plain value is 200',
      file,
      code: `import requests\nfrom flask import Flask, jsonify\napp = Flask(__name__)\n@app.route("/")\ndef index():\n    try:\n        return jsonify(requests.get(u, timeout=1).json())\n    except Exception as e:\n        return jsonify({"error": str(e)})\n`,
      finds: ['8: still answers success (200)'],
    },
    {
      why: 'an answer of 200 that speaks of an error',
      file,
      code: `${table}import json\ndef handler(event, context):\n    try:\n        table.put_item(Item=json.loads(event["body"]))\n        return {"statusCode": 200}\n    except Exception as e:\n        return {"statusCode": 200, "body": json.dumps({"error": str(e)})}\n`,
      finds: ['8: still answers success (200)'],
    },
    {
      why: 'the answer was out before',
      file,
      code: `import json\nfrom http.server import BaseHTTPRequestHandler\nclass Listener(BaseHTTPRequestHandler):\n    def do_POST(self):\n        try:\n            self.send_response(200)\n            self.queue.put(json.loads(self.rfile.read(9)))\n        except Exception as e:\n            print(e)\n`,
      finds: ['8: `do_POST` logs it and then answers success'],
    },
    {
      why: 'the text of the error, with 200',
      file,
      code: `import boto3, json\nt = boto3.client("translate")\ndef handler(event, context):\n    try:\n        text = t.translate_text(Text=event["body"])["TranslatedText"]\n    except Exception as e:\n        text = str(e)\n    return {"statusCode": 200, "body": json.dumps(text)}\n`,
      finds: ['6: still answers success (200)'],
    },
    {
      why: 'pass, in a handler',
      file,
      code: `${table}def handler(event, context):\n    try:\n        table.put_item(Item={"id": "a"})\n    except Exception:\n        pass\n    return {"statusCode": 200}\n`,
      finds: ['6: nobody learns of it'],
    },
  ],
});
