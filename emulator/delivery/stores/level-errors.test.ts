import { expect, it } from 'vitest';
import { FaultlineError } from '../../contract/errors.js';
import { isDamage, unavailable } from './level-errors.js';

/** As classic-level throws it: a general error, whose cause is LevelDB's. */
const levelError = (code: string, message: string): Error =>
  Object.assign(new Error('Database failed to open', { cause: Object.assign(new Error(message), { code }) }), {
    code: 'LEVEL_DATABASE_NOT_OPEN',
  });

it.each([
  ['LEVEL_CORRUPTION', 'Corruption: checksum mismatch', true],
  ['LEVEL_IO_ERROR', 'IO error: /w/.faultline/store/000005.ldb: Invalid argument', true],
  ['LEVEL_IO_ERROR', 'IO error: /w/.faultline/store/MANIFEST-000002: No such file or directory', true],
  ['LEVEL_IO_ERROR', 'IO error: /w/.faultline/store/000007.log: No space left on device', false],
  ['LEVEL_IO_ERROR', 'IO error: /w/.faultline/store/000007.log: Permission denied', false],
  ['LEVEL_LOCKED', 'IO error: lock /w/.faultline/store/LOCK: Resource temporarily unavailable', false],
])('tells damage from what a user can help: %s, %s', (code, message, damage) => {
  expect(isDamage(levelError(code, message))).toBe(damage);
});

it.each([
  ['IO error: /w/store/000007.log: No space left on device', 'No space left on device', 'make room on the disk'],
  ['IO error: /w/store/LOCK: Permission denied', 'Permission denied', 'delivery.store: memory'],
  ['Corruption: bad record length', 'bad record length', 'delivery.store: memory'],
])('says why and what to do: %s', (message, reason, hint) => {
  const error = unavailable('/w/store', levelError('LEVEL_IO_ERROR', message));
  expect(error.message).toBe(`messages cannot be kept in /w/store: ${reason}`);
  expect(error.hint).toContain(hint);
});

it('names another emulator that holds the folder, and passes on what is said already', () => {
  expect(unavailable('/w/store', levelError('LEVEL_LOCKED', 'IO error: lock')).message).toBe(
    'another emulator uses /w/store',
  );
  const said = new FaultlineError('STORE_UNAVAILABLE', 'said');
  expect(unavailable('/w/store', said)).toBe(said);
});
