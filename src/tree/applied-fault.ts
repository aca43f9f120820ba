import { formatNumber } from '../../emulator/contract/webview.js';
import { itemContexts } from '../contributions.js';
import { t } from '../text.js';
import { faultIcon } from './fault.js';
import type { NodeKind, NodeValues } from './model.js';

export const appliedFaultNode: NodeKind<NodeValues['appliedFault']> = {
  id: ({ parent, fault }) => `${parent}/fault:${fault.id}`,
  item: ({ fault }) => ({
    label: t('Fault {0}', fault.kind),
    description: [
      ...(fault.rate < 100 ? [`${formatNumber(fault.rate)} %`] : []),
      ...(fault.injected > 0 ? [t('hit {0}', fault.injected)] : []),
      fault.summary,
    ].join(' · '),
    tooltip: `${fault.id}: ${fault.summary}`,
    icon: faultIcon(fault),
    context: fault.enabled ? itemContexts.faultOn : itemContexts.faultOff,
  }),
};
