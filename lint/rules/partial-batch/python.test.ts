import { ruleTests } from '../../testing.js';

const file = 'handler.py';

ruleTests('partial-batch', {
  valid: [
    {
      why: 'one message a batch, by the configuration',
      file,
      deployed: { kinds: ['queue'], batchSize: 1, export: 'handler' },
      code: `import json\ndef handler(event, context):\n    for record in event["Records"]:\n        work(json.loads(record["body"]))\n`,
    },
    {
      why: 'each message is caught and reported',
      file,
      code: `import json\ndef handler(event, context):\n    failures = []\n    for record in event["Records"]:\n        try:\n            work(json.loads(record["body"]))\n        except Exception:\n            failures.append({"itemIdentifier": record["messageId"]})\n    return {"batchItemFailures": failures}\n`,
    },
    {
      why: 'Powertools',
      file,
      code: `from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response\nprocessor = BatchProcessor(event_type=EventType.SQS)\ndef record_handler(record):\n    work(record.json_body)\ndef handler(event, context):\n    return process_partial_response(event=event, record_handler=record_handler, processor=processor, context=context)\n`,
    },
    {
      why: 'Powertools’ context manager',
      file,
      code: `from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType\nprocessor = BatchProcessor(event_type=EventType.SQS)\ndef handler(event, context):\n    records = event["Records"]\n    with processor(records, handler=record_handler):\n        processor.process()\n    for record in event["Records"]:\n        work(record["body"])\n    return processor.response()\n`,
    },
    {
      why: 'messages are deleted one by one',
      file,
      code: `import boto3\nsqs = boto3.client("sqs")\ndef handler(event, context):\n    for record in event["Records"]:\n        work(record["body"])\n        sqs.delete_message(QueueUrl=u, ReceiptHandle=record["receiptHandle"])\n`,
    },
    {
      why: 'S3 and SNS send one at a time, and know no partial failure',
      file,
      code: `def handler(event, context):\n    for record in event["Records"]:\n        work(record["s3"]["object"]["key"])\n`,
    },
    {
      why: 'nothing in it can fail',
      file,
      code: `def handler(event, context):\n    for record in event["Records"]:\n        print(record["body"])\n        print(record["messageId"])\n`,
    },
    {
      why: 'who sends the records is not shown',
      file,
      code: `def handler(event, context):\n    for record in event["Records"]:\n        work(record)\n`,
    },
    {
      why: 'each is caught, which is another rule’s matter',
      file,
      code: `import requests\ndef handler(event, context):\n    for record in event["Records"]:\n        try:\n            requests.post(u, data=record["body"], timeout=1)\n        except Exception as e:\n            print(e)\n`,
    },
    {
      why: 'a helper that catches all',
      file,
      code: `import requests\ndef work(record):\n    try:\n        requests.post(u, data=record["body"], timeout=1)\n    except Exception:\n        return False\n    return True\ndef handler(event, context):\n    for record in event["Records"]:\n        work(record)\n`,
    },
    {
      why: 'Firehose wants every record back',
      file,
      code: `import base64\ndef handler(event, context):\n    out = []\n    for record in event["records"]:\n        out.append({"recordId": record["recordId"], "data": convert(record["data"])})\n    return {"records": out}\n`,
    },
  ],
  invalid: [
    {
      why: 'a queue',
      file,
      code: `import json\ndef lambda_handler(event, context):\n    for record in event["Records"]:\n        body = json.loads(record["body"])\n        save(body)\n`,
      finds: ['3: When `json.loads` fails for one message, `lambda_handler` fails for the whole batch'],
      severity: 'warning',
    },
    {
      why: 'through a helper that gets the record',
      file,
      code: `import json, boto3\ntable = boto3.resource("dynamodb").Table("t")\ndef process(record):\n    table.put_item(Item=json.loads(record["body"]))\ndef handler(event, context):\n    for record in event["Records"]:\n        process(record)\n    return {"statusCode": 200}\n`,
      finds: ['6: `process`'],
    },
    {
      why: 'Kinesis',
      file,
      code: `import base64\ndef handler(event, context):\n    for record in event["Records"]:\n        payload = base64.b64decode(record["kinesis"]["data"])\n        save(payload)\n`,
      finds: ['3: the shard stands still'],
    },
    {
      why: 'DynamoDB streams',
      file,
      code: `import boto3\ns = boto3.client("sns")\ndef handler(event, context):\n    for record in event["Records"]:\n        if record["eventName"] == "INSERT":\n            s.publish(TopicArn=t, Message=str(record["dynamodb"]["NewImage"]))\n`,
      finds: ['4: `s.publish`'],
    },
    {
      why: 'known from the configuration only',
      file,
      code: `def handler(event, context):\n    records = event.get("Records", [])\n    for index, record in enumerate(records):\n        work(record)\n`,
      deployed: { kinds: ['queue'] },
      finds: ['3: `work`'],
    },
    {
      why: 'known from the type',
      file,
      code: `from aws_lambda_powertools.utilities.data_classes import SQSEvent, event_source\n@event_source(data_class=SQSEvent)\ndef handler(event: SQSEvent, context):\n    for record in event.records:\n        work(record.body)\n`,
      finds: ['4: `work`'],
    },
    {
      why: 'a comprehension',
      file,
      code: `def handler(event, context):\n    [work(r["body"]) for r in event["Records"]]\n`,
      finds: ['2: `work`'],
    },
    {
      why: 'a try around the whole loop',
      file,
      code: `def handler(event, context):\n    try:\n        for r in event["Records"]:\n            work(r["body"])\n    except Exception as e:\n        print(e)\n        raise\n`,
      finds: ['3: `work`'],
    },
  ],
});
