// The way of a new user: open the examples, start the emulator, see the functions, stop it.
import { journey, setup } from '../harness/journey.js';
import { freePorts } from './support.js';

setup({ workspace: 'examples', settings: freePorts });

journey('starts the emulator from the welcome page and shows its functions', async (editor) => {
  await editor.openView('Faultline');
  const functions = editor.tree('Functions');
  await functions.clickWelcome('Start Emulator');
  await functions.toMatch(/counter/);
  await editor.screenshot('started');
});

journey('stops the emulator', async (editor) => {
  await editor.runCommand('Faultline: Stop Emulator');
  await editor.tree('Functions').welcomeToContain('Start Emulator');
});
