import type { Counts } from '../store.js';
import { MAX_MESSAGE_BYTES } from './contents.js';
import { invalidParameter, noFifo, SqsError } from './errors.js';
import { nameOfArn, queueArn } from './names.js';
import { DEFAULT_SETTINGS, type Queue, type QueueSettings } from './queues.js';

/** An attribute of a queue that is a number of seconds or bytes [D: SetQueueAttributes]. */
interface NumberAttribute {
  readonly key: 'visibilityMs' | 'delayMs' | 'retentionMs' | 'maxBytes' | 'waitMs';
  readonly from: number;
  readonly to: number;
  /** In one unit of the setting: seconds are kept as ms. */
  readonly unit: 1 | 1_000;
}

const NUMBERS: Readonly<Record<string, NumberAttribute>> = {
  VisibilityTimeout: { key: 'visibilityMs', from: 0, to: 43_200, unit: 1_000 },
  DelaySeconds: { key: 'delayMs', from: 0, to: 900, unit: 1_000 },
  MessageRetentionPeriod: { key: 'retentionMs', from: 60, to: 1_209_600, unit: 1_000 },
  MaximumMessageSize: { key: 'maxBytes', from: 1_024, to: MAX_MESSAGE_BYTES, unit: 1 },
  ReceiveMessageWaitTimeSeconds: { key: 'waitMs', from: 0, to: 20, unit: 1_000 },
};

/** Kept and told; nothing here depends on them: requests are not signed, nothing is encrypted. */
const INERT = [
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
];

/** Told only. */
const READ_ONLY = [
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

const FIFO = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

const unknownAttribute = (name: string): SqsError => new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);

/**
 * Settings that attributes of CreateQueue and SetQueueAttributes ask for.
 * @param exists whether there is a queue of this name, for dead letters
 * @throws SqsError InvalidAttributeName, InvalidAttributeValue, InvalidParameterValue
 */
export function readQueueAttributes(
  attributes: Readonly<Record<string, string>>,
  exists: (name: string) => boolean,
): Partial<QueueSettings> {
  const settings: { -readonly [Key in keyof QueueSettings]?: QueueSettings[Key] } = {};
  const inert: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const number = NUMBERS[name];
    if (number) settings[number.key] = readNumber(name, value, number);
    else if (name === 'RedrivePolicy') settings.redrive = readRedrive(value, exists);
    else if (INERT.includes(name)) inert[name] = value;
    else throw unknownAttribute(name);
  }
  return Object.keys(inert).length === 0 ? settings : { ...settings, inert };
}

function readNumber(name: string, value: string, { from, to, unit }: NumberAttribute): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (number >= from && number <= to) return number * unit;
  throw new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

/** An empty policy is none [R]. maxReceiveCount is taken as a number and as a text [D]. */
function readRedrive(policy: string, exists: (name: string) => boolean): QueueSettings['redrive'] {
  if (policy === '') return undefined;
  const given = jsonObject(policy);
  if (!given) throw invalidParameter('RedrivePolicy', policy, 'Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn: arn, maxReceiveCount } = given;
  for (const [name, value] of Object.entries({ deadLetterTargetArn: arn, maxReceiveCount })) {
    if (value != null) continue;
    throw invalidParameter('RedrivePolicy', policy, `Redrive policy does not contain mandatory attribute: ${name}.`);
  }
  const maxReceives = Number(maxReceiveCount);
  if (!Number.isInteger(maxReceives) || maxReceives < 1 || maxReceives > 1_000) {
    throw invalidParameter(
      'RedrivePolicy',
      policy,
      `Invalid value for maxReceiveCount: ${String(maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`,
    );
  }
  const queue = typeof arn === 'string' ? nameOfArn(arn) : undefined;
  if (queue === undefined) throw invalidParameter('RedrivePolicy', policy, 'Invalid value for deadLetterTargetArn.');
  if (!exists(queue)) throw invalidParameter('RedrivePolicy', policy, 'Dead letter target does not exist.');
  return { queue, maxReceives };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Attributes of CreateQueue that an existing queue of this name does not have.
 * @returns the name of the first one
 */
export function differingAttribute(queue: Queue, settings: Partial<QueueSettings>): string | undefined {
  const { inert = {}, ...others } = settings;
  const own = queue.settings;
  for (const [name, value] of Object.entries(inert)) if (own.inert[name] !== value) return name;
  for (const [key, value] of Object.entries(others) as [keyof QueueSettings, unknown][]) {
    if (JSON.stringify(own[key]) === JSON.stringify(value)) continue;
    return key === 'redrive' ? 'RedrivePolicy' : Object.keys(NUMBERS).find((name) => NUMBERS[name]?.key === key);
  }
  return undefined;
}

/**
 * What GetQueueAttributes answers with.
 * @param wanted names, or `All`
 * @throws SqsError InvalidAttributeName
 */
export function describeQueue(queue: Queue, counts: Counts, wanted: readonly string[]): Record<string, string> {
  const all = attributesOf(queue, counts);
  if (wanted.includes('All')) return all;
  const known = [...Object.keys(NUMBERS), 'RedrivePolicy', ...INERT, ...READ_ONLY, ...FIFO];
  for (const name of wanted) if (!known.includes(name)) throw unknownAttribute(name);
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
}

function attributesOf({ name, settings, createdAt, modifiedAt }: Queue, counts: Counts): Record<string, string> {
  const numbers = Object.entries(NUMBERS).map(([attribute, { key, unit }]) => [
    attribute,
    String(Math.ceil(settings[key] / unit)),
  ]);
  const { redrive } = settings;
  return {
    QueueArn: queueArn(name),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: String(Math.floor(createdAt / 1_000)),
    LastModifiedTimestamp: String(Math.floor(modifiedAt / 1_000)),
    ...(Object.fromEntries(numbers) as Record<string, string>),
    ...(redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(redrive.queue),
        maxReceiveCount: redrive.maxReceives,
      }),
    }),
    ...DEFAULT_SETTINGS.inert,
    ...withoutEmpty(settings.inert),
  };
}

/** An attribute that was set to nothing is not told [R]. */
function withoutEmpty(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));
}

/** @throws SqsError for a queue that would be FIFO */
export function refuseFifo(attributes: Readonly<Record<string, string>>): void {
  if (attributes['FifoQueue'] === undefined) return;
  // A standard queue must not even say that it is none [D: FifoQueue may only be true].
  if (attributes['FifoQueue'].toLowerCase() !== 'true') throw unknownAttribute('FifoQueue');
  throw noFifo();
}
