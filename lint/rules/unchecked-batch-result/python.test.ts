import { ruleTests } from '../../testing.js';

const file = 'handler.py';
const events = 'import boto3\nevents = boto3.client("events")\n';

ruleTests('unchecked-batch-result', {
  valid: [
    {
      why: 'the count is read',
      file,
      code: `${events}def handler(event, context):\n    r = events.put_events(Entries=e)\n    if r["FailedEntryCount"] > 0:\n        raise RuntimeError(r["Entries"])\n`,
    },
    {
      why: 'what failed is read with get',
      file,
      code: `import boto3\nsqs = boto3.client("sqs")\ndef handler(event, context):\n    r = sqs.send_message_batch(QueueUrl=u, Entries=e)\n    if r.get("Failed"):\n        raise RuntimeError("some failed")\n`,
    },
    {
      why: 'the answer is the caller’s',
      file,
      code: `${events}def publish(entries):\n    return events.put_events(Entries=entries)\n`,
    },
    {
      why: 'the answer is given to a function',
      file,
      code: `${events}def handler(event, context):\n    response = events.put_events(Entries=e)\n    check(response)\n`,
    },
    {
      why: 'batch_writer sends again what was left',
      file,
      code: `import boto3\ntable = boto3.resource("dynamodb").Table("t")\ndef handler(event, context):\n    with table.batch_writer() as batch:\n        for i in event["items"]:\n            batch.put_item(Item=i)\n`,
    },
    {
      why: 'a loop over what is left',
      file,
      code: `import boto3\ndb = boto3.client("dynamodb")\ndef save(items):\n    for attempt in range(5):\n        items = db.batch_write_item(RequestItems=items)["UnprocessedItems"]\n        if not items:\n            return\n    raise RuntimeError("left")\n`,
    },
    {
      why: 'another object’s method of the name',
      file,
      code: `from lib import Bus\nbus = Bus()\ndef handler(event, context):\n    bus.put_events([1])\n`,
    },
    {
      why: 'single calls fail as a whole',
      file,
      code: `import boto3\nsns = boto3.client("sns")\ndef handler(event, context):\n    sns.publish(TopicArn=t, Message="x")\n`,
    },
  ],
  invalid: [
    {
      why: 'the answer is dropped',
      file,
      code: `${events}def handler(event, context):\n    events.put_events(Entries=[{"Source": "a", "DetailType": "b", "Detail": "{}"}])\n    return {"statusCode": 200}\n`,
      finds: ['4: `events.put_events` succeeds also when some of its entries failed; `FailedEntryCount`'],
      severity: 'warning',
    },
    {
      why: 'the answer is logged',
      file,
      code: `${events}def handler(event, context):\n    response = events.put_events(Entries=e)\n    print(response)\n    logger.info("sent", extra={"response": response})\n`,
      finds: ['4: `events.put_events`'],
    },
    {
      why: 'only the HTTP status is read',
      file,
      code: `import boto3\nk = boto3.client("kinesis")\ndef handler(event, context):\n    r = k.put_records(StreamName="s", Records=rs)\n    if r["ResponseMetadata"]["HTTPStatusCode"] != 200:\n        raise RuntimeError("no")\n`,
      finds: ['4: `FailedRecordCount`'],
    },
    {
      why: 'the resource of DynamoDB',
      file,
      code: `import boto3\ndynamodb = boto3.resource("dynamodb")\ndef handler(event, context):\n    r = dynamodb.batch_get_item(RequestItems=i)\n    return {"statusCode": 200, "body": r["Responses"]}\n`,
      finds: ['4: `UnprocessedKeys`'],
    },
    {
      why: 'made in the handler, in a try',
      file,
      code: `import boto3\ndef lambda_handler(event, context):\n    firehose = boto3.client("firehose")\n    try:\n        firehose.put_record_batch(DeliveryStreamName="d", Records=r)\n    except Exception:\n        raise\n`,
      finds: ['5: `FailedPutCount`'],
    },
    {
      why: 'a client that is a parameter',
      file,
      code: `import boto3\ndef send(client, entries):\n    client.send_message_batch(QueueUrl=u, Entries=entries)\n`,
      finds: ['3: `Failed`'],
    },
    {
      why: 'a handler that answers with it: nobody reads that',
      file,
      code: `${events}def handler(event, context):\n    return events.put_events(Entries=e)\n`,
      finds: ['4: those entries are lost'],
    },
  ],
});
