import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { StateFile } from '../../../emulator/contract/control.js';
import type { Workbench } from '../harness/workbench.js';

/** What several journeys do. */

/** Ports of nobody else, whatever runs on this machine. */
export const freePorts = { 'faultline.gatewayPort': 0, 'faultline.controlPort': 0 };

/** Starts the emulator from the welcome page. @returns the gateway's URL */
export async function startEmulator(editor: Workbench): Promise<string> {
  await editor.openView('Faultline');
  const functions = editor.tree('Functions');
  await functions.clickWelcome('Start Emulator');
  await functions.toMatch(/orders-hardened/);
  const state = await readFile(path.join(editor.workspace, '.faultline/emulator.json'), 'utf8');
  return (JSON.parse(state) as StateFile).gateway;
}

/** @returns the status of an order sent to a route */
export async function order(gateway: string, route: string): Promise<number> {
  const reply = await fetch(gateway + route, { method: 'POST', body: '{"sku":"apple","quantity":1}' });
  await reply.arrayBuffer();
  return reply.status;
}
