import { formatNumber, formatSpan } from '../../emulator/contract/webview.js';
import type { Fault } from '../../emulator/contract/faults.js';
import { itemContexts } from '../contributions.js';
import { t } from '../text.js';
import type { Icon, NodeKind } from './model.js';

export const faultIcon = (fault: Fault): Icon =>
  fault.enabled ? { id: 'zap', color: 'charts.orange' } : { id: 'circle-slash', color: 'disabledForeground' };

export const faultTarget = (fault: Fault): string => fault.function ?? t('all functions');

function timeLeft(fault: Fault, now: number): string {
  if (!fault.enabled) return t('off');
  return fault.until === undefined ? '' : t('{0} left', formatSpan(fault.until - now));
}

export const faultNode: NodeKind<Fault> = {
  id: (fault) => `fault:${fault.id}`,
  item: (fault, { now }) => {
    const dry = fault.dryRun ? t('dry run') : '';
    const share = fault.rate < 100 ? `${formatNumber(fault.rate)} %` : '';
    const hit =
      fault.injected === 0 ? '' : fault.dryRun ? t('would have hit {0}', fault.injected) : t('hit {0}', fault.injected);
    return {
      label: fault.kind,
      // What changes comes first: a narrow side bar cuts the end off.
      description: [dry, faultTarget(fault), share, hit, timeLeft(fault, now), fault.scope, fault.summary]
        .filter(Boolean)
        .join(' · '),
      tooltip: [
        `${fault.id}: ${fault.summary}`,
        t('{0} % of the invocations of {1}', formatNumber(fault.rate), faultTarget(fault)),
        ...(fault.scope === undefined ? [] : [t('Only: {0}', fault.scope)]),
        fault.dryRun
          ? t('Dry run: {0} invocations matched, {1} would have been hit', fault.matched, fault.injected)
          : t('{0} invocations matched, {1} were hit', fault.matched, fault.injected),
        ...(fault.unreached ?? []).map((one) => t('{0} is not reached: {1}', one.function, one.why)),
      ].join('\n'),
      icon: faultIcon(fault),
      context: fault.enabled ? itemContexts.faultOn : itemContexts.faultOff,
      checked: fault.enabled,
    };
  },
};
