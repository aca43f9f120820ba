import { ruleTests } from '../../testing.js';

const file = 'handler.py';
const boto = 'import boto3, time\nclient = boto3.client("sqs")\n';

ruleTests('unbounded-retry', {
  valid: [
    {
      why: 'attempts are counted',
      file,
      code: `${boto}def handler(event, context):\n    attempts = 0\n    while True:\n        try:\n            client.send_message(QueueUrl=u, MessageBody="x")\n            break\n        except Exception:\n            attempts += 1\n            if attempts >= 3:\n                raise\n            time.sleep(2 ** attempts)\n`,
    },
    {
      why: 'a for loop is a limit',
      file,
      code: `${boto}def handler(event, context):\n    for attempt in range(3):\n        try:\n            return client.send_message(QueueUrl=u, MessageBody="x")\n        except Exception:\n            time.sleep(1)\n    raise RuntimeError("gave up")\n`,
    },
    {
      why: 'pages',
      file,
      code: `${boto}def handler(event, context):\n    token = None\n    while True:\n        page = client.list_queues(NextToken=token)\n        token = page.get("NextToken")\n        if not token:\n            break\n`,
    },
    {
      why: 'pages, each within a try that ends the loop',
      file,
      code: `${boto}def handler(event, context):\n    while True:\n        try:\n            page = client.list_queues(NextToken=token)\n            if "NextToken" not in page:\n                break\n        except Exception as e:\n            print(e)\n            break\n`,
    },
    {
      why: 'the loop of an extension',
      file: 'extension.py',
      code: `import requests, json\ndef main():\n    while True:\n        try:\n            event = requests.get(next_url, timeout=None).json()\n            handle(event)\n        except Exception as e:\n            print(e)\n`,
    },
    {
      why: 'a worker',
      file: 'worker.py',
      code: `${boto}def run():\n    while True:\n        try:\n            for m in client.receive_message(QueueUrl=u).get("Messages", []):\n                handle(m)\n        except Exception:\n            time.sleep(5)\n`,
    },
    {
      why: 'the clock is a limit',
      file,
      code: `${boto}def handler(event, context):\n    deadline = time.time() + 10\n    while True:\n        try:\n            return client.send_message(QueueUrl=u, MessageBody="x")\n        except Exception:\n            if time.time() > deadline:\n                raise\n            time.sleep(1)\n`,
    },
    {
      why: 'the rest of the invocation is a limit',
      file,
      code: `${boto}def handler(event, context):\n    while context.get_remaining_time_in_millis() > 5000:\n        try:\n            return client.send_message(QueueUrl=u, MessageBody="x")\n        except Exception:\n            time.sleep(1)\n`,
    },
    {
      why: 'a poller raises on failure',
      file,
      code: `${boto}def handler(event, context):\n    while True:\n        state = client.get_queue_attributes(QueueUrl=u)\n        if state["a"] == "done":\n            return state\n        time.sleep(1)\n`,
    },
    {
      why: 'tenacity with a stop',
      file,
      code: `from tenacity import retry, stop_after_attempt\n@retry(stop=stop_after_attempt(3))\ndef call():\n    return work()\n`,
    },
    {
      why: 'backoff with a limit',
      file,
      code: `import backoff\n@backoff.on_exception(backoff.expo, Exception, max_tries=4)\ndef call():\n    return work()\n`,
    },
    {
      why: 'a decorator of the user’s own',
      file,
      code: `from utils import retry\n@retry\ndef call():\n    return work()\n`,
    },
    {
      why: 'recursion that counts',
      file,
      code: `import requests\ndef fetch(url, attempt=0):\n    try:\n        return requests.get(url, timeout=1)\n    except requests.RequestException:\n        if attempt > 3:\n            raise\n        return fetch(url, attempt + 1)\n`,
    },
    {
      why: 'what is left over is sent again a few times',
      file,
      code: `${boto}def handler(event, context):\n    tries = 0\n    while items and tries < 5:\n        r = client.batch_write_item(RequestItems=items)\n        items = r["UnprocessedItems"]\n        tries += 1\n    if items:\n        raise RuntimeError("left over")\n`,
    },
  ],
  invalid: [
    {
      why: 'while True until it works',
      file,
      code: `${boto}def handler(event, context):\n    while True:\n        try:\n            client.send_message(QueueUrl=u, MessageBody="x")\n            break\n        except Exception as e:\n            print(e)\n            time.sleep(1)\n`,
      finds: ['4: While `client.send_message` fails this loop tries again without a limit'],
      severity: 'warning',
    },
    {
      why: 'returns when it works',
      file,
      code: `import requests, time\ndef get(url):\n    while True:\n        try:\n            return requests.get(url, timeout=2).json()\n        except requests.RequestException:\n            time.sleep(5)\n\ndef lambda_handler(event, context):\n    return get(event["url"])\n`,
      finds: ['3: `requests.get`'],
    },
    {
      why: 'throttling only, but for ever',
      file,
      code: `${boto}from botocore.exceptions import ClientError\ndef handler(event, context):\n    while True:\n        try:\n            return client.send_message(QueueUrl=u, MessageBody="x")\n        except ClientError as e:\n            if e.response["Error"]["Code"] != "Throttling":\n                raise\n            time.sleep(1)\n`,
      finds: ['5: `client.send_message`'],
    },
    {
      why: 'a flag that success sets',
      file,
      code: `${boto}def handler(event, context):\n    done = False\n    while not done:\n        try:\n            client.send_message(QueueUrl=u, MessageBody="x")\n            done = True\n        except Exception:\n            pass\n`,
      finds: ['5: tries again without a limit'],
    },
    {
      why: 'itertools.count is no limit',
      file,
      code: `import itertools, requests\ndef handler(event, context):\n    for _ in itertools.count():\n        try:\n            return requests.get(u, timeout=1).text\n        except requests.RequestException:\n            continue\n`,
      finds: ['3: `requests.get`'],
    },
    {
      why: 'recursion',
      file,
      code: `import requests, time\ndef fetch(url):\n    try:\n        return requests.get(url, timeout=1)\n    except requests.RequestException:\n        time.sleep(1)\n        return fetch(url)\n\ndef handler(event, context):\n    fetch(event["url"])\n`,
      finds: ['7: `fetch` calls itself again whenever `requests.get` fails'],
    },
    {
      why: 'tenacity, bare',
      file,
      code: `from tenacity import retry\n@retry\ndef call():\n    return work()\n`,
      finds: ['2: `tenacity` without `stop`'],
    },
    {
      why: 'tenacity with a pause only',
      file,
      code: `import tenacity\n@tenacity.retry(wait=tenacity.wait_exponential())\ndef call():\n    return work()\n`,
      finds: ['2: `stop=stop_after_attempt(3)`'],
    },
    {
      why: 'backoff without a limit',
      file,
      code: `import backoff, requests\n@backoff.on_exception(backoff.expo, requests.RequestException)\ndef call():\n    return requests.get(u, timeout=1)\n`,
      finds: ['2: `backoff` without `max_tries` or `max_time`'],
    },
    {
      why: 'what is left over is sent again until nothing is',
      file,
      code: `import boto3\ndb = boto3.client("dynamodb")\ndef handler(event, context):\n    left = event["items"]\n    while left:\n        r = db.batch_write_item(RequestItems=left)\n        left = r.get("UnprocessedItems")\n`,
      finds: ['5: what `db.batch_write_item` left over'],
    },
  ],
});
