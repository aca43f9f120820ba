import { child } from '../../analysis/python/tree.js';
import type { PythonRule } from '../../rule.js';
import { duration } from '../../text.js';

/** Compares the timeout of each HTTP function of the configuration with what its gateway waits. */
export const python: PythonRule = {
  create(context) {
    return {
      module() {
        for (const { name, fn, deployed } of context.module.handlers) {
          // Who is also called by a queue or a schedule has reason to be long.
          const onlyHttp = deployed?.kinds.every((each) => each === 'http') === true;
          if (deployed?.gatewayMs === undefined || !onlyHttp || deployed.timeoutMs <= deployed.gatewayMs) continue;
          context.report({
            at: child(fn, 'name') ?? fn,
            message: 'outlives',
            data: {
              function: `"${deployed.name}"`,
              timeout: duration(deployed.timeoutMs),
              gateway: duration(deployed.gatewayMs),
            },
            handler: name,
          });
        }
      },
    };
  },
};
