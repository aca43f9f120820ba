import { ruleTests } from '../../testing.js';

const file = 'handler.py';

ruleTests('floating-promise', {
  valid: [
    {
      why: 'awaited method of a class of another file',
      file,
      code: `from store import Store\nstore = Store()\nasync def work(event):\n    await store.save(event)\n`,
      beside: { 'store.py': `class Store:\n    async def save(self, item): ...\n` },
    },
    {
      why: 'a plain handler that runs it',
      file,
      code: `import asyncio\nasync def main(event): ...\ndef handler(event, context):\n    return asyncio.run(main(event))\n`,
    },
    {
      why: 'an event loop that runs until it is done',
      file,
      code: `import asyncio\nloop = asyncio.get_event_loop()\nasync def main(event): ...\ndef handler(event, context):\n    return loop.run_until_complete(main(event))\n`,
    },
    {
      why: 'a task that is kept in a set',
      file,
      code: `import asyncio\ntasks = set()\nasync def work():\n    task = asyncio.create_task(save())\n    tasks.add(task)\n`,
    },
    {
      why: 'gathered and awaited',
      file,
      code: `import asyncio\nasync def save(): ...\nasync def work():\n    jobs = [save() for _ in range(3)]\n    await asyncio.gather(*jobs)\n`,
    },
    {
      why: 'a coroutine that is handed on',
      file,
      code: `import asyncio\nasync def save(): ...\nasync def work():\n    coroutine = save()\n    await asyncio.wait_for(coroutine, 3)\n`,
    },
    {
      why: 'an async framework awaits what a view returns',
      file,
      code: `from fastapi import FastAPI\napp = FastAPI()\nasync def load(): ...\n@app.get("/")\ndef view():\n    return load()\n`,
    },
  ],
  invalid: [
    {
      why: 'an async method of a class of another file',
      file,
      code: `from store import Store\nstore = Store()\nasync def work(event):\n    store.save(event)\n`,
      beside: { 'store.py': `class Store:\n    async def save(self, item): ...\n` },
      finds: ['4: `store.save(…)` makes a coroutine that never runs'],
      severity: 'warning',
      fixed: `from store import Store\nstore = Store()\nasync def work(event):\n    await store.save(event)\n`,
    },
    {
      why: 'an async function of another file, in a plain handler',
      file,
      code: `from jobs import run\ndef handler(event, context):\n    run(event)\n    return {"statusCode": 200}\n`,
      beside: { 'jobs.py': `async def run(event): ...\n` },
      finds: ['3: `run(…)`'],
    },
    {
      why: 'a plain handler that answers with a coroutine',
      file,
      code: `async def main(event):\n    return {"statusCode": 200}\ndef handler(event, context):\n    return main(event)\n`,
      finds: ['4: `handler` answers with `main(…)`, a coroutine that never runs'],
    },
    {
      why: 'into a variable that nobody reads',
      file,
      code: `import asyncio\nasync def save(): ...\nasync def work():\n    result = save()\n    task = asyncio.create_task(save())\n`,
      finds: ['4: `save(…)`', '5: The task of `asyncio.create_task`'],
    },
    {
      why: 'gather without await',
      file,
      code: `import asyncio\nasync def save(): ...\nasync def work():\n    asyncio.gather(save(), save())\n`,
      finds: ['4: The task of `asyncio.gather`'],
    },
  ],
});
