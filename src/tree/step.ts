import type { NodeKind, NodeValues } from './model.js';

export const stepNode: NodeKind<NodeValues['step']> = {
  id: ({ command }) => `step:${command}`,
  item: ({ command, title, icon }) => ({ label: title, icon: { id: icon }, command: { id: command, title } }),
};
