import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openStore } from '../../../emulator/delivery/stores/index.js';
import { storeContract } from './store-contract.js';

const log = (): void => undefined;

storeContract('memory', (clock) => openStore('memory', { clock, root: '/nowhere', log }));

let root = '';
storeContract(
  'file',
  (clock) => {
    root = mkdtempSync(path.join(os.tmpdir(), 'faultline-store-'));
    return openStore('file', { clock, root, log });
  },
  () => Promise.resolve(rmSync(root, { recursive: true })),
);
