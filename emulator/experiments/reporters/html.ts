import type { Reporter } from '../types.js';
import { page } from './html/page.js';

/** One page with charts, whole in itself: it loads nothing and runs nothing (docs/adr). */
export const html: Reporter = {
  summary: 'one self-contained page with charts',
  open: (target) => ({ end: (results) => target.write(page(results, target)) }),
};
