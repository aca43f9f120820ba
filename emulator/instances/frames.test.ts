import { describe, expect, it } from 'vitest';
import { encodeFrame, Frame, FrameParser, writeInvoke } from './frames.js';

function collect(): { frames: [number, string][]; parser: FrameParser } {
  const frames: [number, string][] = [];
  return { frames, parser: new FrameParser((type, body) => frames.push([type, body.toString()])) };
}

const three = Buffer.concat([
  encodeFrame(Frame.Ready),
  encodeFrame(Frame.Log, Buffer.from('one')),
  encodeFrame(Frame.Result, Buffer.from('x'.repeat(300))),
]);
const expected: [number, string][] = [
  [Frame.Ready, ''],
  [Frame.Log, 'one'],
  [Frame.Result, 'x'.repeat(300)],
];

describe('FrameParser', () => {
  it('cuts coalesced frames', () => {
    const { frames, parser } = collect();
    expect(parser.push(three)).toBe(true);
    expect(frames).toEqual(expected);
  });

  it('joins frames however they are torn', () => {
    for (let size = 1; size <= 17; size++) {
      const { frames, parser } = collect();
      for (let at = 0; at < three.length; at += size) expect(parser.push(three.subarray(at, at + size))).toBe(true);
      expect(frames).toEqual(expected);
    }
  });

  it('copies a large torn frame once', () => {
    const body = Buffer.alloc(5_000_000, 'y');
    const frame = encodeFrame(Frame.Result, body);
    let got: Buffer | undefined;
    const parser = new FrameParser((_type, bytes) => (got = bytes));
    for (let at = 0; at < frame.length; at += 65_536) parser.push(frame.subarray(at, at + 65_536));
    expect(got?.equals(body)).toBe(true);
  });

  it('gives a view, not a copy, of a frame that came whole', () => {
    const frame = encodeFrame(Frame.Result, Buffer.from('result'));
    let got: Buffer | undefined;
    new FrameParser((_type, bytes) => (got = bytes)).push(frame);
    expect(got?.buffer).toBe(frame.buffer);
  });

  it.each([
    ['text', Buffer.from('hello\n')],
    ['an absurd length', Buffer.from([0xff, 0xff, 0xff, 0x7f, Frame.Result])],
    ['a length of nothing', Buffer.from([0, 0, 0, 0, Frame.Result])],
    ['a frame only the host sends', encodeFrame(Frame.Invoke)],
  ])('refuses %s', (_name, bytes) => {
    const { frames, parser } = collect();
    expect(parser.push(bytes)).toBe(false);
    expect(frames).toEqual([]);
  });

  it('refuses a few stray bytes once the next frame shows them', () => {
    const { parser } = collect();
    expect(parser.push(Buffer.from('hi'))).toBe(true);
    expect(parser.push(encodeFrame(Frame.Ready))).toBe(false);
  });
});

describe('writeInvoke', () => {
  it.each([10, 100_000])('writes header and a payload of %i bytes as one frame', (size) => {
    const chunks: Buffer[] = [];
    const payload = Buffer.alloc(size, 'p');
    writeInvoke({ write: (chunk) => chunks.push(chunk) > 0 }, '{"id":"é"}', payload);
    const all = Buffer.concat(chunks);
    const headerBytes = Buffer.byteLength('{"id":"é"}');
    expect(all.readUInt32LE(0)).toBe(all.length - 4);
    expect(all[4]).toBe(Frame.Invoke);
    expect(all.readUInt32LE(5)).toBe(headerBytes);
    expect(all.toString('utf8', 9, 9 + headerBytes)).toBe('{"id":"é"}');
    expect(all.subarray(9 + headerBytes).equals(payload)).toBe(true);
  });
});
