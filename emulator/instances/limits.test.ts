import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.js';
import { AccountLimits, type Gate } from './limits.js';

const plain = { provisioned: 0 };
const reasonOf = (gate: Gate): string | undefined => {
  const failure = gate.enter();
  return failure && (JSON.parse(failure.payload.toString()) as { Reason: string }).Reason;
};
const account = (concurrency: number, scaleOut = 1_000) => ({ concurrency, scaleOut });

describe('reserved concurrency', () => {
  it('throttles what is above it, and takes the next when one has ended', () => {
    const reserved = { reserved: 2, provisioned: 0 };
    const gate = new AccountLimits(new VirtualClock(), account(1_000), [reserved]).gate(reserved);
    expect([gate, gate, gate].map(reasonOf)).toEqual([
      undefined,
      undefined,
      'ReservedFunctionConcurrentInvocationLimitExceeded',
    ]);
    gate.leave();
    expect([gate, gate].map(reasonOf)).toEqual([undefined, 'ReservedFunctionConcurrentInvocationLimitExceeded']);
  });

  it('of 0 throttles everything', () => {
    const off = { reserved: 0, provisioned: 0 };
    const gate = new AccountLimits(new VirtualClock(), account(1_000), [off]).gate(off);
    expect(reasonOf(gate)).toBe('ReservedFunctionConcurrentInvocationLimitExceeded');
  });

  it('is its function’s alone, also when the account is used up', () => {
    const reserved = { reserved: 1, provisioned: 0 };
    const limits = new AccountLimits(new VirtualClock(), account(2), [reserved, plain]);
    const [own, other] = [limits.gate(reserved), limits.gate(plain)];
    expect([other, other, own].map(reasonOf)).toEqual([undefined, 'ConcurrentInvocationLimitExceeded', undefined]);
  });
});

describe('the account’s concurrency', () => {
  it('is shared by the functions that have none of their own', () => {
    const limits = new AccountLimits(new VirtualClock(), account(2), [plain, plain]);
    const [a, b] = [limits.gate(plain), limits.gate(plain)];
    expect([a, b, a, b].map(reasonOf)).toEqual([
      undefined,
      undefined,
      'ConcurrentInvocationLimitExceeded',
      'ConcurrentInvocationLimitExceeded',
    ]);
    b.leave();
    expect([a, b].map(reasonOf)).toEqual([undefined, 'ConcurrentInvocationLimitExceeded']);
  });

  it('has provisioned instances set aside; only what spills over takes of the rest', () => {
    const warm = { provisioned: 2 };
    const limits = new AccountLimits(new VirtualClock(), account(3), [warm, plain]);
    const [gate, other] = [limits.gate(warm), limits.gate(plain)];
    expect([other, other].map(reasonOf)).toEqual([undefined, 'ConcurrentInvocationLimitExceeded']);
    expect([gate, gate, gate].map(reasonOf)).toEqual([undefined, undefined, 'ConcurrentInvocationLimitExceeded']);
    other.leave();
    expect(reasonOf(gate)).toBeUndefined();
    for (let i = 0; i < 3; i++) gate.leave();
    expect([other, other].map(reasonOf)).toEqual([undefined, 'ConcurrentInvocationLimitExceeded']);
  });

  it('follows the config', () => {
    const limits = new AccountLimits(new VirtualClock(), account(1), [plain]);
    const gate = limits.gate(plain);
    expect([gate, gate].map(reasonOf)).toEqual([undefined, 'ConcurrentInvocationLimitExceeded']);
    limits.configure(account(2), [plain]);
    expect(reasonOf(gate)).toBeUndefined();
  });
});

describe('the scale-out rate', () => {
  it('is refilled continuously, and saved up no further than once', async () => {
    const clock = new VirtualClock();
    const limits = new AccountLimits(clock, account(1_000, 10), [plain]);
    const gate = limits.gate(plain);
    expect([gate.mayStart(10), gate.mayStart(11)]).toEqual([true, false]);
    for (let i = 0; i < 10; i++) gate.started();
    expect(gate.mayStart(1)).toBe(false);
    await clock.advance(999);
    expect(gate.mayStart(1)).toBe(false);
    await clock.advance(1);
    expect([gate.mayStart(1), gate.mayStart(2)]).toEqual([true, false]);
    await clock.advance(60_000);
    expect([gate.mayStart(10), gate.mayStart(11)]).toEqual([true, false]);
  });

  it('is each function’s own', () => {
    const limits = new AccountLimits(new VirtualClock(), account(1_000, 1), [plain, plain]);
    const [a, b] = [limits.gate(plain), limits.gate(plain)];
    a.started();
    expect([a.mayStart(1), b.mayStart(1)]).toEqual([false, true]);
  });
});
