import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { Services } from './services.js';
import type { FaultService } from './types.js';

interface Listener {
  readonly number: number;
  close(): void;
}

function listeners(failFirst = false) {
  const trail: string[] = [];
  let opened = 0;
  const service: FaultService<Listener> = {
    name: 'the listener',
    async open() {
      const number = ++opened;
      await Promise.resolve();
      if (failFirst && number === 1) throw new Error('no port');
      trail.push(`open ${String(number)}`);
      return { number, close: () => void trail.push(`close ${String(number)}`) };
    },
  };
  return { trail, service };
}

const services = () => new Services(new VirtualClock(), () => undefined);

describe('what kinds of faults share', () => {
  it('is opened once for all, and closed with the engine', async () => {
    const { trail, service } = listeners();
    const subject = services();
    const both = await Promise.all([subject.open(service), subject.open(service)]);
    expect(both[0]).toBe(both[1]);
    expect(subject.use(service).number).toBe(1);
    subject.close();
    subject.close();
    expect(trail).toEqual(['open 1', 'close 1']);
  });

  it('is tried again when it could not be opened', async () => {
    const { service } = listeners(true);
    const subject = services();
    await expect(subject.open(service)).rejects.toThrow('no port');
    expect(() => subject.use(service)).toThrow('the listener has not been opened');
    expect((await subject.open(service)).number).toBe(2);
  });

  it('is closed also when it opens too late', async () => {
    const { trail, service } = listeners();
    const subject = services();
    const opening = subject.open(service);
    subject.close();
    await opening;
    expect(trail).toEqual(['open 1', 'close 1']);
    await expect(subject.open(service)).rejects.toThrow('stopping');
  });
});
