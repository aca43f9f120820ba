import { ruleTests } from '../../testing.js';

const file = 'handler.py';
const table = 'import boto3\ntable = boto3.resource("dynamodb").Table("t")\n';

ruleTests('unhandled-io', {
  valid: [
    {
      why: 'Flask answers 500 by itself',
      file,
      code: `import requests\nfrom flask import Flask\napp = Flask(__name__)\n@app.route("/")\ndef index():\n    return requests.get(u, timeout=1).text\n`,
    },
    {
      why: 'so does Cloud Functions',
      file,
      code: `import functions_framework, requests\n@functions_framework.http\ndef main(request):\n    return requests.get(u, timeout=1).text\n`,
    },
    {
      why: 'and without its decorator',
      file,
      code: `import requests\ndef hello(request):\n    name = request.args.get("name")\n    return requests.get(u, params={"n": name}, timeout=1).text\n`,
    },
    {
      why: 'a queue, known from the record',
      file,
      code: `${table}def handler(event, context):\n    for r in event["Records"]:\n        table.put_item(Item={"id": r["body"]})\n    return {"statusCode": 200, "body": str(len(event["Records"]))}\n`,
    },
    {
      why: 'a trigger of Cognito',
      file,
      code: `${table}def handler(event, context):\n    table.put_item(Item={"id": event["userName"], "t": event["triggerSource"]})\n    return event\n`,
    },
    {
      why: 'the answer that the console writes into every new function',
      file,
      code: `import boto3, json\nec2 = boto3.client("ec2")\ndef lambda_handler(event, context):\n    ec2.stop_instances(InstanceIds=["i-1"])\n    return {"statusCode": 200, "body": json.dumps("Hello from Lambda!")}\n`,
    },
    {
      why: 'a resolver with an exception handler',
      file,
      code: `from aws_lambda_powertools.event_handler import APIGatewayRestResolver\n${table}app = APIGatewayRestResolver()\n@app.exception_handler(Exception)\ndef failed(error):\n    return {"message": "later"}, 503\n@app.get("/a")\ndef a():\n    return table.get_item(Key={"id": "a"})\ndef handler(event, context):\n    return app.resolve(event, context)\n`,
    },
    {
      why: 'what AWS answered is a value',
      file,
      code: `import boto3\nclient = boto3.client("lambda")\ndef handler(event, context):\n    try:\n        answer = client.invoke(FunctionName="f", Payload=event["body"])\n    except Exception:\n        return {"statusCode": 502}\n    answer.pop("Payload")\n    return {"statusCode": 200, "body": str(answer)}\n`,
    },
    {
      why: 'Mangum’s app answers',
      file,
      code: `import requests\nfrom fastapi import FastAPI\nfrom mangum import Mangum\napp = FastAPI()\n@app.get("/")\ndef read():\n    return requests.get(u, timeout=1).json()\nhandler = Mangum(app)\n`,
    },
    {
      why: 'the helper of another file catches',
      file,
      code: `from lib import load\ndef handler(event, context):\n    item = load(event["pathParameters"]["id"])\n    return {"statusCode": 200 if item else 404, "body": item}\n`,
      beside: {
        'lib.py': `import requests\ndef load(id):\n    try:\n        return requests.get(id, timeout=1).text\n    except Exception:\n        return None\n`,
      },
    },
    {
      why: 'a handler that a wrapper of another file guards',
      file,
      code: `from lib import api\n${table}def get(event, context):\n    return {"statusCode": 200, "body": table.get_item(Key={"id": event["path"]})}\nhandler = api(get)\n`,
    },
  ],
  invalid: [
    {
      why: 'any parameter names, known from the configuration',
      file,
      code: `${table}def handler(request_data, ctx):\n    return table.get_item(Key={"id": "a"})\n`,
      deployed: { kinds: ['http'] },
      finds: ['4: When `table.get_item` fails, the error leaves `handler`'],
    },
    {
      why: 'a typed event',
      file,
      code: `from aws_lambda_powertools.utilities.typing import LambdaContext\nfrom aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent, event_source\n${table}@event_source(data_class=APIGatewayProxyEvent)\ndef handler(event: APIGatewayProxyEvent, context: LambdaContext):\n    return reply(table.get_item(Key={"id": event.path}))\n`,
      finds: ['7: `table.get_item`'],
    },
    {
      why: 'a route of Powertools: the resolver hands exceptions on',
      file,
      code: `from aws_lambda_powertools.event_handler import APIGatewayRestResolver\n${table}app = APIGatewayRestResolver()\n@app.get("/items/<id>")\ndef get_item(id: str):\n    return table.get_item(Key={"id": id})["Item"]\ndef handler(event, context):\n    return app.resolve(event, context)\n`,
      finds: ['7: `get_item`'],
    },
    {
      why: 'a helper of another file',
      file,
      code: `from lib import load\ndef handler(event, context):\n    return {"statusCode": 200, "body": load(event["pathParameters"]["id"])}\n`,
      beside: { 'lib.py': `import requests\ndef load(id):\n    return requests.get(id, timeout=1).text\n` },
      finds: ['3: When `load` fails, the error leaves'],
    },
    {
      why: 'the project’s own store',
      file,
      code: `from app.storage import OrderStore\nstore = OrderStore()\ndef handler(event, context):\n    order = store.load(event["pathParameters"]["id"])\n    return {"statusCode": 200, "body": order}\n`,
      finds: ['4: `store.load`'],
    },
    {
      why: 'a class of handlers',
      file,
      code: `${table}class Api:\n    def handle(self, event, context):\n        r = table.get_item(Key={"id": event["pathParameters"]["id"]})\n        return {"statusCode": 200, "body": r}\nhandler = Api().handle\n`,
      finds: ['5: `handle`'],
    },
    {
      why: 'a list that needs nothing of the event',
      file,
      code: `${table}import json\ndef handler(event, context):\n    items = table.scan()["Items"]\n    return {"statusCode": 200, "body": json.dumps(items)}\n`,
      finds: ['5: `table.scan`'],
    },
    {
      why: 'pages and resources of boto3',
      file,
      code: `import boto3\ns3 = boto3.client("s3")\ndef handler(event, context):\n    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=event["pathParameters"]["b"])\n    return {"statusCode": 200, "body": str(list(pages))}\n`,
      finds: ['4: `s3.get_paginator("list_objects_v2").paginate`'],
    },
    {
      why: 'objects of a bucket',
      file,
      code: `import boto3\nbucket = boto3.resource("s3").Bucket("b")\ndef handler(event, context):\n    return {"statusCode": 200, "body": str(list(bucket.objects.filter(Prefix=event["path"]))), "headers": {}}\n`,
      finds: ['4: `bucket.objects.filter`'],
    },
    {
      why: 'a database',
      file,
      code: `import pymysql\nconn = None\ndef handler(event, context):\n    conn = pymysql.connect(host=h, connect_timeout=5)\n    return {"statusCode": 200, "body": event["queryStringParameters"]["q"]}\n`,
      finds: ['4: `pymysql.connect`'],
    },
  ],
});
