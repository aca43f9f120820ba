import type { Catalog, ParameterSchema } from './catalog.js';
import type { FaultSpec } from './faults.js';
import type { Figures, SeriesReply, Snapshot } from './snapshot.js';

/**
 * What the editor's views, its webviews and the dashboard page share: how the extension and a webview talk, how figures
 * read, and how a fault's JSON Schema becomes input fields.
 */

/** `vscode.l10n.t`, or its like in the browser: `{0}` in the message is the first argument. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/** The English text, as it is before anything translates it. */
export const english: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));

export type SessionStatus = 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';

/** Everything a view draws; always complete, so that a view that was hidden needs no history. */
export interface ViewModel {
  readonly status: SessionStatus;
  readonly catalog?: Catalog;
  readonly snapshot?: Snapshot;
  readonly series?: SeriesReply;
}

/** What a webview asks of its host. A request with a `request` number gets a `reply`. */
export type ViewRequest =
  | { readonly type: 'ready' }
  | { readonly type: 'start' }
  | { readonly type: 'invoke'; readonly function: string }
  | { readonly type: 'addFault'; readonly request: number; readonly spec: FaultSpec }
  | { readonly type: 'setFault'; readonly request: number; readonly id: string; readonly enabled: boolean }
  | { readonly type: 'removeFault'; readonly request: number; readonly id: string };

/** What the host tells a webview. */
export type ViewNotice =
  /** First: translations of the webview's texts, and which function to show. */
  | { readonly type: 'init'; readonly texts: Readonly<Record<string, string>>; readonly function?: string }
  | { readonly type: 'model'; readonly model: ViewModel }
  | { readonly type: 'reply'; readonly request: number; readonly error?: string };

/** A number as it was typed or computed, without noise: `0.25`, `12.3`, `1230`. */
export const formatNumber = (value: number): string => String(Number(value.toPrecision(3)));

/** One decimal is what a glance takes in; what is there but tiny never reads as nothing. */
function brief(value: number): string {
  if (value > 0 && value < 0.05) return '<0.1';
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

/** Invocations per second as `0.1/s`, `12.3/s`, `1230/s`. */
export const formatRate = (rate: number): string => `${brief(rate)}/s`;

/** Milliseconds as `3.4 ms`, `120 ms`, `12.3 s`. */
export function formatMs(ms: number): string {
  if (ms >= 10_000) return `${brief(ms / 1_000)} s`;
  return `${ms >= 10 ? Math.round(ms) : brief(ms)} ms`;
}

/** A share from 0 to 1 as `4 %`; what is there but tiny never reads as nothing. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 1) return '<1 %';
  return `${Math.round(percent)} %`;
}

/** A span as people say it: `45 s`, `9 min`, `2 h`. Above two minutes whole minutes, so that a view changes rarely. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** `12.3/s · 4 % errors · p95 120 ms`; empty when nothing was invoked in the window. */
export function formatFigures(figures: Figures, t: Translate = english): string {
  if (figures.rate === 0) return '';
  const parts = [formatRate(figures.rate)];
  if (figures.errorShare > 0) parts.push(t('{0} errors', formatShare(figures.errorShare)));
  if (figures.p95 !== undefined) parts.push(`p95 ${formatMs(figures.p95)}`);
  return parts.join(' · ');
}

/** Whether a fault hits invocations of a function while it is on: `*` in its pattern is any part of a name. */
export function appliesTo(fault: { readonly function?: string }, functionName: string): boolean {
  if (fault.function === undefined) return true;
  const parts = fault.function.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(functionName);
}

export type FieldKind = 'number' | 'integer' | 'text' | 'boolean' | 'choice' | 'list' | 'json';

/** One parameter of a fault as an input. */
export interface ParameterField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly description: string;
  readonly required: boolean;
  /** The default as it is typed; empty when there is none. */
  readonly initial: string;
  readonly choices: readonly string[];
  /** What each choice stands for, in the same order. */
  readonly values: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

function fieldKind(schema: ParameterSchema): FieldKind {
  if (schema.enum !== undefined) return 'choice';
  if (schema.type === 'number' || schema.type === 'integer' || schema.type === 'boolean') return schema.type;
  if (schema.type === 'string') return 'text';
  if (schema.type === 'array' && schema.items?.type === 'string') return 'list';
  return 'json';
}

function asTyped(kind: FieldKind, value: unknown): string {
  if (value === undefined) return '';
  if (kind === 'list' && Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The inputs of a kind's parameters, in the order of its schema. */
export function parameterFields(schema: ParameterSchema): ParameterField[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const kind = fieldKind(property);
    return {
      name,
      kind,
      description: property.description ?? '',
      required: property.default === undefined && (schema.required ?? []).includes(name),
      initial: asTyped(kind, property.default),
      choices: (property.enum ?? []).map(String),
      values: property.enum ?? [],
      ...(property.minimum === undefined ? {} : { minimum: property.minimum }),
      ...(property.maximum === undefined ? {} : { maximum: property.maximum }),
      ...(property.exclusiveMinimum === undefined ? {} : { exclusiveMinimum: property.exclusiveMinimum }),
    };
  });
}

/** A typed text as the value it means; `value` is undefined when the field is left to the kind's default. */
export type ParsedField = { readonly value: unknown } | { readonly problem: string };

function parseNumber(field: ParameterField, text: string, t: Translate): ParsedField {
  const value = Number(text);
  if (!Number.isFinite(value)) return { problem: t('Enter a number.') };
  if (field.kind === 'integer' && !Number.isInteger(value)) return { problem: t('Enter a whole number.') };
  if (field.minimum !== undefined && value < field.minimum)
    return { problem: t('Enter {0} or more.', formatNumber(field.minimum)) };
  if (field.exclusiveMinimum !== undefined && value <= field.exclusiveMinimum)
    return { problem: t('Enter more than {0}.', formatNumber(field.exclusiveMinimum)) };
  if (field.maximum !== undefined && value > field.maximum)
    return { problem: t('Enter {0} or less.', formatNumber(field.maximum)) };
  return { value };
}

export function parseField(field: ParameterField, typed: string, t: Translate = english): ParsedField {
  const text = typed.trim();
  if (text === '') return field.required ? { problem: t('This is needed.') } : { value: undefined };
  switch (field.kind) {
    case 'number':
    case 'integer':
      return parseNumber(field, text, t);
    case 'boolean':
      return { value: text === 'true' };
    case 'choice':
      return field.choices.includes(text)
        ? { value: field.values[field.choices.indexOf(text)] }
        : { problem: t('Choose one of {0}.', field.choices.join(', ')) };
    case 'list':
      return { value: text.split(/[\s,]+/).filter(Boolean) };
    case 'text':
      return { value: text };
    case 'json':
      try {
        return { value: JSON.parse(text) as unknown };
      } catch {
        return { problem: t('Enter JSON.') };
      }
  }
}

/** What share and duration are offered; the first is the default. */
export const RATES = [100, 50, 25, 10, 1] as const;
export const DURATIONS = ['10m', '30s', '1m', '5m', '1h'] as const;
