import { isCallLike, walk } from './ast.js';
import { findExports } from './exports.js';
import type { JavaScriptModule } from './module.js';

/**
 * What a file is for. `handler`: the platform calls it. `library`: others import it. `server`: it listens. `script`:
 * somebody starts it and reads how it ends. `test`: it proves others.
 */
export type Role = 'handler' | 'library' | 'server' | 'script' | 'test' | 'page';

const roles = new WeakMap<JavaScriptModule, Role>();
const testFile = /(^|\/)(__tests__|__mocks__)\/|[._-](test|tests|spec)\.\w+$/;
const testImport = /^(node:test|vitest|jest|@jest\/globals|mocha|ava|tape)$/;
const serves =
  /^(express|fastify|koa|restify|polka|h3)(\.\w+)?(\(\))?$|^(https?|net|tls|http2)\.create(Secure)?Server$/;
const frameworks = /^(@google-cloud\/functions-framework|firebase-functions|@azure\/functions)(\/|\.|$)/;

export function roleOf(module: JavaScriptModule): Role {
  const known = roles.get(module);
  if (known !== undefined) return known;
  const role = lookAt(module);
  roles.set(module, role);
  return role;
}

function lookAt(module: JavaScriptModule): Role {
  if (isTest(module)) return 'test';
  if (module.handlers.length > 0) return 'handler';
  if (module.sourceCode.text.startsWith('#!')) return 'script';
  if (module.isBrowser) return 'page';
  let server = false;
  let framework = false;
  walk(module.program, (node) => {
    if (node.type === 'ImportDeclaration') framework ||= frameworks.test(node.source.value);
    if (isCallLike(node)) {
      const path = module.origins.path(node.callee);
      server ||= serves.test(path);
      framework ||= frameworks.test(path);
    }
    return !(server || framework);
  });
  if (framework) return 'handler';
  if (server) return 'server';
  const exports =
    findExports(module.program).length > 0 ||
    module.program.body.some((each) => /^Export/.test(each.type)) ||
    /\b(module\.exports|exports\.\w+)\s*=/.test(module.sourceCode.text);
  return exports ? 'library' : 'script';
}

function isTest(module: JavaScriptModule): boolean {
  if (testFile.test(module.file)) return true;
  return module.program.body.some((each) => {
    if (each.type === 'ImportDeclaration') return testImport.test(each.source.value);
    const call = each.type === 'ExpressionStatement' ? each.expression : undefined;
    if (call?.type !== 'CallExpression') return false;
    return /^global\.(describe|it|test|beforeEach|afterEach|suite)(\.\w+)*$/.test(module.origins.path(call.callee));
  });
}
