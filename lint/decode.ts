/** Bytes as source text: which encodings are read, and why others are not. */

export type Encoding = 'utf-8' | 'utf-8 with BOM' | 'utf-16le' | 'utf-16be' | 'latin1';

export type Decoded = { readonly text: string; readonly encoding: Encoding } | { readonly problem: string };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a file's bytes, without its byte order mark: UTF-8, UTF-16 with a mark, and for Python what its first two
 * lines declare (PEP 263).
 */
export function decodeSource(bytes: Uint8Array): Decoded {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return unicode(bytes.subarray(3), 'utf-8 with BOM');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return wide(bytes.subarray(2), 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return wide(bytes.subarray(2), 'utf-16be');
  if (bytes.subarray(0, 8_000).includes(0)) return { problem: 'is binary, or UTF-16 without a byte order mark' };
  return unicode(bytes, 'utf-8');
}

function unicode(bytes: Uint8Array, encoding: Encoding): Decoded {
  try {
    return { text: utf8.decode(bytes), encoding };
  } catch {
    const declared = declaredLatin(bytes);
    if (declared) return { text: new TextDecoder('latin1').decode(bytes), encoding: 'latin1' };
    return { problem: 'is not UTF-8 text; save it as UTF-8' };
  }
}

function wide(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): Decoded {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
  } catch {
    return { problem: 'has a byte order mark of UTF-16 but is not UTF-16' };
  }
}

/** `# -*- coding: latin-1 -*-` in the first two lines, as Python reads it. */
function declaredLatin(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 400)).toString('latin1').split('\n', 2).join('\n');
  return /^[ \t\f]*#.*?coding[:=][ \t]*(?:latin-?1|iso-?8859-?1(?:5)?|cp-?1252|windows-1252)\b/im.test(head);
}

/** Text as bytes of the encoding that it was read from; undefined where a character has no place in it. */
export function encodeSource(text: string, encoding: Encoding): Uint8Array | undefined {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  if (encoding === 'utf-8 with BOM') return Buffer.from(`\uFEFF${text}`, 'utf8');
  if (encoding === 'latin1') return undefined;
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return encoding === 'utf-16le' ? bytes : bytes.swap16();
}
