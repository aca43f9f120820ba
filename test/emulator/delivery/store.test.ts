import { openStore } from '../../../emulator/delivery/stores/index.js';
import { storeContract } from './store-contract.js';

storeContract('memory', (clock) => openStore('memory', { clock, root: '/nowhere', log: () => undefined }));
