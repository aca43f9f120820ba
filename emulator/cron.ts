/**
 * The fields of a cron, checked one by one, so that an error names the field and what is wrong with it; and written out in
 * the form that the search for the next time takes (lists of numbers, seconds first).
 */

/** `aws`: six fields, Sunday is 1, `?` in one of the day fields. `unix`: five, Sunday is 0 or 7. */
export type CronDialect = 'aws' | 'unix';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of its values, from `min` on. */
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const MINUTE: Field = { name: 'minute', min: 0, max: 59 };
const HOUR: Field = { name: 'hour', min: 0, max: 23 };
const DAY_OF_MONTH: Field = { name: 'day-of-month', min: 1, max: 31 };
const MONTH: Field = { name: 'month', min: 1, max: 12, names: MONTHS };

/** Values and wildcards of EventBridge [D: eb-scheduled-rule-pattern]. */
const FIELDS: Record<CronDialect, readonly Field[]> = {
  aws: [
    MINUTE,
    HOUR,
    DAY_OF_MONTH,
    MONTH,
    { name: 'day-of-week', min: 1, max: 7, names: DAYS },
    { name: 'year', min: 1970, max: 2199 },
  ],
  unix: [MINUTE, HOUR, DAY_OF_MONTH, MONTH, { name: 'day-of-week', min: 0, max: 7, names: DAYS }],
};

/**
 * @param text the fields, separated by blanks, without `cron(…)`
 * @returns seven fields: second minute hour day-of-month month day-of-week year
 * @throws Error that names the field
 */
export function cronPattern(text: string, dialect: CronDialect): string {
  const given = text.trim().split(/\s+/);
  const fields = FIELDS[dialect];
  if (given.length !== fields.length) throw new Error(wrongCount(given.length, dialect));
  if (dialect === 'aws') checkDays(given[2] ?? '', given[4] ?? '');
  const written = fields.map((field, i) => writeField(given[i] ?? '', field, dialect));
  return ['0', ...written, ...(dialect === 'unix' ? ['*'] : [])].join(' ');
}

function wrongCount(count: number, dialect: CronDialect): string {
  const names = FIELDS[dialect].map(({ name }) => name).join(' ');
  const other =
    dialect === 'aws' && count === 5
      ? '; a five-field cron is written without cron(…)'
      : dialect === 'unix' && count === 6
        ? '; the six of AWS are written as cron(…)'
        : '';
  return `${String(FIELDS[dialect].length)} fields are needed (${names}), not ${String(count)}${other}`;
}

/** "You can't use * in both; if you use it in one, you must use ? in the other" [D, R]. */
function checkDays(ofMonth: string, ofWeek: string): void {
  if (ofMonth === '?' && ofWeek === '?') throw new Error('only one of day-of-month and day-of-week may be ?');
  if (ofMonth !== '?' && ofWeek !== '?')
    throw new Error(`either day-of-month (${ofMonth}) or day-of-week (${ofWeek}) must be ?`);
}

function writeField(text: string, field: Field, dialect: CronDialect): string {
  const isDay = field.name.startsWith('day-');
  if (text === '*' || (text === '?' && isDay && dialect === 'aws')) return '*';
  const items = text.split(',');
  const written = items.flatMap((item) => (dialect === 'aws' ? special(item, field) : undefined) ?? plain(item, field));
  if (items.length > 1 && written.some((item) => item.includes('#') && !item.endsWith('L')))
    throw new Error(`${field.name} ${text}: # stands alone`);
  return written.join(',');
}

/** L, W and #, which only day fields of AWS have. */
function special(item: string, field: Field): string[] | undefined {
  if (field.name === 'day-of-month') {
    if (item === 'L' || item === 'LW') return [item];
    const near = /^(\d+)W$/.exec(item);
    return near ? [`${String(value(near[1] ?? '', field))}W`] : undefined;
  }
  if (field.name !== 'day-of-week') return undefined;
  if (item === 'L') return [String(field.max)];
  const last = /^(\w+)L$/.exec(item);
  if (last) return [`${String(value(last[1] ?? '', field))}#L`];
  const nth = /^(\w+)#(\d+)$/.exec(item);
  if (!nth) return undefined;
  if (!/^[1-5]$/.test(nth[2] ?? '')) throw new Error(`day-of-week ${item}: after # comes 1 to 5`);
  return [`${String(value(nth[1] ?? '', field))}#${String(nth[2])}`];
}

/** `5`, `MON`, `1-5`, `*`, and any of them with a step: `0/15`. A range may run over the end: FRI-MON. */
function plain(item: string, field: Field): string[] {
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\w+))?$/.exec(item);
  if (!match) throw new Error(`${field.name} "${item}" is not understood`);
  const [, star, from, to, step] = match;
  const first = star === undefined ? value(from ?? '', field) : field.min;
  const last = to !== undefined ? value(to, field) : star === undefined && step === undefined ? first : field.max;
  const by = step === undefined ? 1 : Number(step);
  if (!Number.isInteger(by) || by < 1) throw new Error(`${field.name} ${item}: after / comes a number from 1`);
  const size = field.max - field.min + 1;
  const count = last >= first ? last - first : last - first + size;
  const values: string[] = [];
  for (let i = 0; i <= count; i += by) values.push(String(field.min + ((first - field.min + i) % size)));
  return values;
}

function value(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return field.min + named;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= field.min && number <= field.max) return number;
  const names = field.names ? ` or ${String(field.names[0])} to ${String(field.names.at(-1))}` : '';
  throw new Error(`${field.name} ${text} is not ${String(field.min)} to ${String(field.max)}${names}`);
}
