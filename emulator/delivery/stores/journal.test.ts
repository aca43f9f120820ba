import { expect, it } from 'vitest';
import { Journal } from './journal.js';
import type { Level, Operation } from './level.js';

interface Batch {
  readonly keys: readonly string[];
  readonly sync: boolean;
}

/** A database in memory, of whose batches a test decides when they end, and how. */
class FakeLevel {
  readonly content = new Map<string, string>();
  readonly batches: Batch[] = [];
  opened = 0;
  /** Why writes, or opening, fail at present. */
  fails: Error | undefined;
  private held: (() => void)[] | undefined;

  readonly target = {
    open: (): Promise<Level> => {
      if (this.fails) return Promise.reject(this.fails);
      this.opened++;
      return Promise.resolve({ batch: this.batch, close: () => Promise.resolve() } as unknown as Level);
    },
    release: (): void => void this.opened--,
    explain: (error: unknown): Error => new Error(`cannot: ${(error as Error).message}`),
  };

  hold(): void {
    this.held = [];
  }

  letGo(): void {
    for (const go of this.held ?? []) go();
    this.held = undefined;
  }

  private readonly batch = async (operations: readonly Operation[], { sync }: { sync: boolean }): Promise<void> => {
    this.batches.push({ keys: operations.map(({ type, key }) => (type === 'del' ? `-${key}` : key)), sync });
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    if (this.fails) throw this.fails;
    for (const each of operations) {
      if (each.type === 'put') this.content.set(each.key, each.value);
      else this.content.delete(each.key);
    }
  };
}

const put = (key: string, value = key): Operation => ({ type: 'put', key, value });
const del = (key: string): Operation => ({ type: 'del', key });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function fixture() {
  const level = new FakeLevel();
  const logs: string[] = [];
  const journal = new Journal(level.target, (message) => logs.push(message));
  const add = (key: string, value?: string): Promise<void> => journal.write([put(key, value)], [del(key)]);
  return { level, logs, journal, add };
}

it('writes what comes in one tick as one batch, and what comes while it is written as the next', async () => {
  const { level, journal, add } = fixture();
  level.hold();
  const first = [add('1'), add('2'), journal.write([del('0')], [])];
  await settled();
  const second = [add('3'), add('4')];
  journal.note([put('n')]);
  await settled();
  level.letGo();
  await Promise.all([...first, ...second]);
  expect(level.batches).toEqual([
    { keys: ['1', '2', '-0'], sync: true },
    { keys: ['3', '4', 'n'], sync: true },
  ]);
});

it('opens the database with the first change, and flushes the disk only for what was promised', async () => {
  const { level, journal } = fixture();
  await settled();
  expect(level.opened).toBe(0);
  journal.note([]);
  journal.note([put('n')]);
  await settled();
  expect(level.batches).toEqual([{ keys: ['n'], sync: false }]);
  await journal.close();
  expect(level.opened).toBe(0);
});

it('keeps batches to a size where it can', async () => {
  const { level, add } = fixture();
  const large = 'x'.repeat(5 * 1_024 * 1_024);
  await Promise.all([add('1', large), add('2', large), add('3'), add('4', large.repeat(2)), add('5')]);
  expect(level.batches.map(({ keys }) => keys)).toEqual([['1'], ['2', '3'], ['4'], ['5']]);
});

it('rejects what a write that failed held, and goes on with a new log when there is room again', async () => {
  const { level, logs, add, journal } = fixture();
  await add('1');
  level.fails = new Error('no room');
  await expect(Promise.all([add('2'), add('3')])).rejects.toThrow('cannot: no room');
  expect(level.opened).toBe(0);
  await expect(add('4')).rejects.toThrow('cannot: no room');
  level.fails = undefined;
  // Half of the failed batch may be on the disk: it is undone first.
  level.content.set('2', 'half');
  await add('5');
  expect([...level.content.keys()]).toEqual(['1', '5']);
  expect(logs).toEqual(['cannot: no room; trying again with the next one', 'messages are kept again']);
  await journal.close();
});

it('makes up for what it was told and could not write, the latest only, before anything else', async () => {
  const { level, add, journal } = fixture();
  await add('1');
  level.fails = new Error('no room');
  journal.note([put('state', 'old')]);
  await settled();
  const removal = journal.write([del('1')], [del('1')]);
  journal.note([put('state', 'new')]);
  await expect(removal).rejects.toThrow();
  level.fails = undefined;
  level.batches.length = 0;
  await add('2');
  expect(level.batches.map(({ keys }) => keys)).toEqual([['state', '-1'], ['2']]);
  expect(Object.fromEntries(level.content)).toEqual({ state: 'new', 2: '2' });
});

it('writes at the end what it owes, or says that it cannot', async () => {
  for (const room of [true, false]) {
    const { level, logs, add, journal } = fixture();
    await add('1');
    level.fails = new Error('no room');
    await expect(journal.write([del('1')], [del('1')])).rejects.toThrow();
    if (room) level.fails = undefined;
    await journal.close();
    expect(level.content.has('1')).toBe(!room);
    expect(logs.includes('1 changes of messages could not be written')).toBe(!room);
    await expect(add('2')).rejects.toThrow('closed');
  }
});
