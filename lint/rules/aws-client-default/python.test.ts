import { expect, test } from 'vitest';
import { createLinter } from '../../index.js';
import { ruleTests } from '../../testing.js';

const file = 'handler.py';
const config = 'from botocore.config import Config\n';

ruleTests('aws-client-default', {
  valid: [
    {
      why: 'ignored by its service',
      file: 'handler.py',
      code: `import boto3\nssm = boto3.client("ssm")`,
      options: { ignore: ['ssm'] },
    },
    {
      why: 'both limits',
      code: `import boto3\n${config}cfg = Config(connect_timeout=1, read_timeout=2)\ns3 = boto3.client("s3", config=cfg)`,
    },
    { why: 'one of them', code: `import boto3\n${config}s3 = boto3.client("s3", config=Config(read_timeout=2))` },
    {
      why: 'a config that files share',
      code: `import boto3\nfrom shared.aws import CONFIG\ns3 = boto3.resource("s3", config=CONFIG)`,
      beside: {
        'shared/aws.py': `${config}CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"max_attempts": 1})\n`,
      },
    },
    {
      why: 'a config that is not visible',
      code: `import boto3\nfrom settings import cfg\ns3 = boto3.client("s3", config=cfg)`,
    },
    {
      why: 'a config that is merged',
      code: `import boto3\n${config}s3 = boto3.client("s3", config=Config(region_name="x").merge(other))`,
    },
    {
      why: 'a client that another file makes',
      code: `from shared.aws import table\ntable.get_item(Key=k)`,
      beside: { 'shared/aws.py': 'import boto3\ntable = boto3.resource("dynamodb").Table("t")\n' },
    },
    { why: 'kwargs that are not visible', code: `import boto3\ndef make(**kw):\n    return boto3.client("s3", **kw)` },
    {
      why: 'the client of a resource',
      code: `import boto3\n${config}r = boto3.resource("s3", config=Config(read_timeout=2))\nc = r.meta.client`,
    },
    { why: 'a session makes no client', code: `import boto3\ns = boto3.Session()\ns.get_credentials()` },
    {
      why: 'powertools',
      code: `from aws_lambda_powertools.utilities import parameters\nvalue = parameters.get_secret("a")`,
    },
    {
      why: 'a default of botocore’s session',
      code: `import boto3, botocore.session\nb = botocore.session.get_session()\nb.set_default_client_config(cfg)\nc = boto3.Session(botocore_session=b).client("s3")`,
    },
    { why: 'exceptions', code: `import botocore\ntry:\n    pass\nexcept botocore.exceptions.ClientError:\n    raise` },
    {
      why: 'a partial with limits',
      code: `import boto3, functools\n${config}client = functools.partial(boto3.client, config=Config(read_timeout=2))\ns3 = client("s3")`,
    },
  ].map((each) => ({ file, ...each })),
  invalid: [
    {
      why: 'a client',
      code: `import boto3\n\ns3 = boto3.client("s3")`,
      finds: ['3: `boto3.client("s3")`'],
      fixed: `import boto3\nfrom botocore.config import Config\n\ns3 = boto3.client("s3", config=Config(connect_timeout=0.6, read_timeout=0.6, retries={"total_max_attempts": 2}))`,
    },
    {
      why: 'a resource, whose table is used',
      code: `import os\nimport boto3\ntable = boto3.resource("dynamodb").Table(os.environ["TABLE"])`,
      finds: ['3: ten times over'],
      deployed: { timeoutMs: 10_000 },
      fixed: `import os\nimport boto3\nfrom botocore.config import Config\ntable = boto3.resource("dynamodb", config=Config(connect_timeout=1, read_timeout=3.5, retries={"total_max_attempts": 2})).Table(os.environ["TABLE"])`,
    },
    {
      why: 'a client of a session',
      code: `import boto3\nsession = boto3.session.Session(profile_name="a")\nsm = session.client(service_name="secretsmanager", region_name=r)`,
      finds: ['3: `session.client("secretsmanager")`'],
    },
    {
      why: 'made in a handler',
      code: `import boto3\ndef lambda_handler(event, context):\n    return boto3.client("ec2").describe_instances()`,
      finds: ['3: `boto3.client("ec2")`'],
    },
    {
      why: 'a config without limits',
      code: `import boto3\n${config}s3 = boto3.client("s3", config=Config(signature_version="s3v4"))`,
      finds: ['3: `boto3.client("s3")`'],
      fixed: `import boto3\n${config}s3 = boto3.client("s3", config=Config(signature_version="s3v4", connect_timeout=0.6, read_timeout=0.6, retries={"total_max_attempts": 2}))`,
    },
    {
      why: 'a shared config without limits',
      code: `import boto3\nfrom shared import CONFIG\ns3 = boto3.client("s3", config=CONFIG)`,
      beside: { 'shared.py': `${config}CONFIG = Config(retries={"max_attempts": 1})\n` },
      finds: ['3: `boto3.client("s3")`'],
    },
    {
      why: 'the name Config is somebody else’s',
      code: `import boto3\nfrom app import Config\ns3 = boto3.client("s3")`,
      finds: ['3: `boto3.client("s3")`'],
    },
    {
      why: 'Config is there already',
      code: `import boto3\nfrom botocore.client import Config as C\nq = boto3.client("sqs", region_name=r)`,
      finds: ['3: `boto3.client("sqs")`'],
      fixed: `import boto3\nfrom botocore.client import Config as C\nq = boto3.client("sqs", region_name=r, config=C(connect_timeout=0.6, read_timeout=0.6, retries={"total_max_attempts": 2}))`,
    },
    {
      why: 'a global that a function sets',
      code: `import boto3\nclient = None\ndef get():\n    global client\n    if client is None:\n        client = boto3.client('ssm')\n    return client`,
      finds: ['6: `boto3.client("ssm")`'],
    },
    {
      why: 'a member imported by name',
      code: `from boto3 import client, resource\ns3 = client("s3")`,
      finds: ['2: `client("s3")`'],
    },
  ].map((each) => ({ file, ...each })),
});

test('a finding names the service and the handler', async () => {
  const linter = await createLinter();
  const code = `import boto3\nSERVICE = "sqs"\nq = boto3.client(SERVICE)\ndef lambda_handler(event, context):\n    q.send_message(QueueUrl=u, MessageBody=b)\n`;
  const finding = linter.lintText(code, { file: 'a.py' }).find((each) => each.rule === 'aws-client-default');
  expect(finding?.dependency).toEqual({ client: 'boto3', service: 'sqs' });
  expect(finding?.handler).toBe('lambda_handler');
});
