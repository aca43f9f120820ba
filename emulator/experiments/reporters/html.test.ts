import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ExperimentResult } from '../../contract/experiment.js';
import { broken, failed, passed, reported, results } from './fixture.js';
import { html } from './html.js';
import { page } from './html/page.js';

const document = reported(html);
const of = (...some: readonly ExperimentResult[]): string => page(some, { cwd: '/repo', seed: '7' });
/** What a reader sees: the text without tags, with single spaces. */
const text = (markup: string): string =>
  markup
    .replace(/<style>[^]*?<\/style>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
const count = (markup: string, pattern: RegExp): number => [...markup.matchAll(pattern)].length;

describe('the page', () => {
  it('loads nothing and runs nothing', () => {
    expect(document).not.toMatch(/<(script|link|img|iframe|object|embed|base|form)\b/i);
    expect(document).not.toMatch(/\s(src|srcset|style|on[a-z]+|xlink:href)\s*=/i);
    expect([...document.matchAll(/href="([^"]*)"/g)].every(([, to]) => to?.startsWith('#'))).toBe(true);
    expect(document).not.toMatch(/url\(|@import|https?:/i);
  });

  it('has a policy that allows its own style and nothing else', () => {
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(document) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(document).toContain(
      `http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    // What comes before the policy is not under it.
    expect(document.indexOf('Content-Security-Policy')).toBeLessThan(document.indexOf('<title>'));
  });

  it('closes what it opens, and has each id once', () => {
    const open: string[] = [];
    const alone = new Set(['meta', 'br', '!doctype', 'line', 'rect', 'path']);
    for (const [, slash, name = '', , self] of document.matchAll(/<(\/?)([a-z!][a-z0-9]*)\b([^>]*?)(\/?)>/gi)) {
      if (slash === '') {
        if (!alone.has(name.toLowerCase()) && self === '') open.push(name);
        // A rectangle with a tooltip has an end tag.
        else if (name === 'rect' && self === '') open.push(name);
      } else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
    const ids = [...document.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, list = ''] of document.matchAll(/aria-labelledby="([^"]*)"/g))
      for (const id of list.split(' ')) expect(ids).toContain(id);
  });

  it('leads from the overview to every experiment', () => {
    for (const [i] of results.entries()) expect(document).toContain(`href="#experiment-${String(i + 1)}"`);
    expect(of(passed)).not.toContain('<nav');
  });
});

describe('escaping', () => {
  const evil = `<script>alert(1)</script>"'&\u202e\u0007`;
  const all: ExperimentResult = {
    ...failed,
    title: evil,
    file: `/repo/${evil}.yaml`,
    seed: evil,
    checks: [{ phase: 'during', expectation: evil, measured: evil, passed: false }],
    phases: failed.phases.map((phase) => ({ ...phase, statuses: { [evil]: 1 } })),
    faults: [
      {
        id: evil,
        kind: evil,
        function: evil,
        summary: evil,
        scope: evil,
        matched: 1,
        injected: 1,
        unreached: [{ function: evil, why: evil }],
      },
    ],
    periods: [{ fault: evil, kind: evil, function: evil, from: 0, to: 5_000 }],
    decisions: failed.decisions.map((decision) => ({ ...decision, fault: evil })),
    hits: failed.hits.map((hit) => ({ ...hit, fault: evil, function: evil, where: evil, saw: evil })),
  };

  it('no text of a file or a handler becomes a tag', () => {
    const error = { code: 'INTERNAL', message: evil, hint: evil, place: { file: evil, key: evil } } as const;
    for (const markup of [of(all, all), of({ ...all, verdict: 'error', error })]) {
      expect(markup).not.toMatch(/<script|alert\(1\)<\/s/i);
      expect(markup).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\ufffd');
      for (const control of ['\u202e', '\u0007']) expect(markup).not.toContain(control);
      expect(count(markup, /<section/g)).toBeGreaterThan(0);
    }
  });
});

describe('an experiment', () => {
  const seen = text(document);

  it('tells its verdict and why', () => {
    expect(document).toContain('<h1>1 passed, 2 failed, 1 vacuous, 1 aborted, 1 error</h1>');
    expect(seen).toContain('2 of 4 checks did not hold.');
    expect(seen).toContain('It was not well to begin with, so nothing was broken.');
    expect(seen).toContain('latency-1 never fired: what passed without it proves nothing.');
    expect(seen).toContain(
      'There is no fault kind &quot;latancy&quot; Did you mean latency? at examples/broken.experiment.yaml:9',
    );
    expect(seen).toContain('Ended early after 9.0 s, during the faults: expected errors rate&lt;0.2, measured 0.44.');
  });

  it('holds each expectation against what was measured', () => {
    const own = text(of(failed));
    expect(own).toContain('steady state status 201 201 × 20 ✓ held');
    expect(own).toContain('during the faults p95 ≤ 1000 ms 1512 ms ✗ did not hold');
  });

  it('tells of each fault: how often it fired, what was decided, where it acted and what was seen', () => {
    const own = text(of(passed));
    expect(own).toContain(
      'latency-1 on stock +1500 ms before the handler 16 16 1 of 2 before the handler: +1500 ms × 1',
    );
    expect(text(of({ ...passed, faults: [{ ...passed.faults[0], injected: 0 } as never] }))).toContain(
      '0, never fired',
    );
    expect(own).toContain('7.0 s latency-1 stock 25 before the handler +1500 ms');
  });

  it('ends with the command that repeats it', () => {
    expect(text(of(failed))).toContain('faultline test &#39;examples/orders/my orders.experiment.yaml&#39; --seed 7');
  });

  it('draws latency and requests with the faults shaded, and has the same as a table', () => {
    const own = of(passed);
    expect(count(own, /<svg[^>]*role="img"/g)).toBe(2);
    expect(count(own, /<rect\s+class="shade"/g)).toBe(2);
    expect(count(own, /<rect\s+class="failed"/g)).toBe(4);
    expect(own).toMatch(/<path class="p95" d="M/);
    const rows = text(own.slice(own.indexOf('<summary>The charts as a table')));
    expect(rows).toContain('8 s 4 3 1,510 ms 1,530 ms latency-1 9 s');
    expect(rows).toContain('11 s 0 0 – – latency-1');
  });

  it('draws no chart of nothing', () => {
    expect(of(broken)).not.toContain('role="img"');
  });
});
