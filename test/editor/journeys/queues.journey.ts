// Queues and schedules: what is in them, and what their functions make of it.
import assert from 'node:assert/strict';
import { journey, setup } from '../harness/journey.js';
import { freePorts, startEmulator } from './support.js';

setup({ workspace: 'examples', settings: freePorts });

async function send(gateway: string, body: string): Promise<void> {
  const reply = await fetch(gateway, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ QueueUrl: `${gateway}/000000000000/parcels`, MessageBody: body }),
  });
  assert.equal(reply.status, 200, await reply.text());
}

journey(
  'a message that cannot be handled stays in its queue, the other is gone; a schedule tells its next time',
  async (editor) => {
    const gateway = await startEmulator(editor);
    const functions = editor.tree('Functions');
    await functions.toMatch(/^parcels {2}empty/m);
    await send(gateway, '{"sku":"apple","address":"Road 1"}');
    await send(gateway, '{"sku":"pear"}');
    await functions.toMatch(/^parcels {2}1 (waiting|in flight)/m);
    await functions.expand('report');
    await functions.toMatch(/rate\(1 day\) {2}next at/);
    for (const theme of ['dark', 'light', 'hcDark', 'hcLight'] as const) {
      await editor.setTheme(theme);
      await editor.screenshot(`queues-${theme}`);
    }
    await editor.setTheme('dark');
  },
);
