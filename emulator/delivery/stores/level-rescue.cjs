'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, so that any Node starts it as it is */
// Copies what can be read of a damaged store into another, as it is or repaired first. A process of its own: LevelDB ends its
// process when it finds what cannot be.
// usage: node level-rescue.cjs read|repair LIBRARY DAMAGED TARGET

const [, , how, library, damaged, target] = process.argv;
const { ClassicLevel } = require(library);

/** Records written at a time. */
const BATCH = 100;

async function rescue() {
  if (how === 'repair') await ClassicLevel.repair(damaged);
  const [from, to] = [new ClassicLevel(damaged), new ClassicLevel(target)];
  await to.open();
  let batch = [];
  const write = async () => {
    await to.batch(batch, { sync: true });
    batch = [];
  };
  try {
    for await (const [key, value] of from.iterator()) {
      batch.push({ type: 'put', key, value });
      if (batch.length === BATCH) await write();
    }
  } finally {
    // Also what came before something unreadable.
    await write();
    await to.close();
  }
}

rescue().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
