import { ruleTests } from '../../testing.js';

const file = 'handler.py';

ruleTests('process-exit', {
  valid: [
    {
      why: 'under __main__',
      file,
      code: `import sys\ndef lambda_handler(event, context):\n    return {}\n\nif __name__ == "__main__":\n    lambda_handler({}, None)\n    sys.exit(0)\n`,
    },
    {
      why: 'a script without a handler',
      file: 'deploy.py',
      code: `import sys\ndef main():\n    if len(sys.argv) < 2:\n        sys.exit("usage: deploy NAME")\nmain()\n`,
    },
    {
      why: 'an extension that is told to shut down',
      file: 'extension.py',
      code: `import signal, sys\ndef handle_signal(signum, frame):\n    sys.exit(0)\n\nsignal.signal(signal.SIGTERM, handle_signal)\ndef main():\n    while True:\n        event = next_event()\n        if event["eventType"] == "SHUTDOWN":\n            sys.exit(0)\n`,
    },
    {
      why: 'a signal handler beside a Lambda handler',
      file,
      code: `import signal, sys\ndef on_term(signum, frame):\n    print("bye")\n    sys.exit(0)\n\nsignal.signal(signal.SIGTERM, on_term)\n\ndef lambda_handler(event, context):\n    return {"statusCode": 200, "body": event["body"]}\n`,
    },
    {
      why: 'a function of that name',
      file,
      code: `def exit(code):\n    return code\n\ndef handler(event, context):\n    exit(1)\n`,
    },
    {
      why: 'a method of that name',
      file,
      code: `def handler(event, context):\n    session = open_session()\n    session.exit()\n    parser.exit(2)\n`,
    },
    {
      why: 'somebody catches it',
      file,
      code: `import sys\ndef handler(event, context):\n    try:\n        sys.exit(main(event))\n    except SystemExit as e:\n        return {"code": e.code}\n`,
    },
    {
      why: 'a helper that only the script calls',
      file,
      code: `import sys\ndef usage():\n    sys.exit("usage: …")\n\ndef handler(event, context):\n    return work(event)\n\nif __name__ == "__main__":\n    usage()\n`,
    },
    {
      why: 'raises',
      file,
      code: `def handler(event, context):\n    if "id" not in event:\n        raise ValueError("id is missing")\n`,
    },
  ],
  invalid: [
    {
      why: 'sys.exit in a handler',
      file,
      code: `import sys\ndef lambda_handler(event, context):\n    try:\n        connect()\n    except Exception as e:\n        print(e)\n        sys.exit(1)\n`,
      finds: ['7: `sys.exit` ends the instance, not the invocation of `lambda_handler`'],
      severity: 'warning',
    },
    {
      why: 'imported by name',
      file,
      code: `from sys import exit\ndef handler(event, context):\n    exit()\n`,
      finds: ['3: `exit` ends the instance'],
    },
    {
      why: 'the interpreter’s exit and quit',
      file,
      code: `def handler(event, context):\n    if not event.get("Records"):\n        exit(1)\n    quit()\n`,
      finds: ['3: `exit`', '4: `quit`'],
    },
    {
      why: 'os._exit',
      file,
      code: `import os\ndef handler(event, context):\n    os._exit(0)\n`,
      finds: ['3: `os._exit`'],
    },
    {
      why: 'raise SystemExit',
      file,
      code: `def handler(event, context):\n    raise SystemExit(1)\n`,
      finds: ['2: `raise SystemExit`'],
    },
    {
      why: 'in a helper that the handler calls',
      file,
      code: `import sys\ndef load(name):\n    if name is None:\n        sys.exit(1)\n    return name\n\ndef lambda_handler(event, context):\n    return {"statusCode": 200, "body": load(event["pathParameters"])}\n`,
      finds: ['4: Answer a 5xx'],
    },
    {
      why: 'in a method of a class of this file',
      file,
      code: `import sys\nclass Job:\n    def run(self):\n        self.check()\n    def check(self):\n        sys.exit(2)\n\ndef handler(event, context):\n    Job().run()\n`,
      finds: ['6: of `handler`'],
    },
    {
      why: 'while the function starts, after a failure',
      file,
      code: `import sys\nimport pymysql\ntry:\n    conn = pymysql.connect(host=h, connect_timeout=5)\nexcept pymysql.MySQLError as e:\n    logger.error(e)\n    sys.exit(1)\n\ndef lambda_handler(event, context):\n    return event["id"]\n`,
      finds: ['7: while the function starts'],
    },
  ],
});
