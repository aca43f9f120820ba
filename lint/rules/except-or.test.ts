import { ruleTests } from '../testing.js';

const file = 'handler.py';
const around = (clause: string, before = ''): string =>
  `${before}def handler(event, context):\n    try:\n        work(event)\n    ${clause}\n        return None\n`;

ruleTests('except-or', {
  valid: [
    { why: 'a tuple', file, code: around('except (KeyError, ValueError) as e:') },
    { why: 'one class', file, code: around('except KeyError:') },
    { why: 'a bare except', file, code: around('except:') },
    { why: 'one class in parentheses', file, code: around('except (KeyError):') },
    { why: 'classes of a module', file, code: around('except botocore.exceptions.ClientError as e:') },
    { why: 'what a function gives', file, code: around('except errors() or (KeyError,):') },
    { why: 'or in a condition within', file, code: `try:\n    a()\nexcept KeyError:\n    b = x or y\n` },
    { why: 'two clauses', file, code: around('except KeyError:\n        return 1\n    except ValueError:') },
  ],
  invalid: [
    {
      why: 'or',
      file,
      code: around('except KeyError or ValueError:'),
      finds: ['4: catches only `KeyError`'],
      severity: 'error',
      fixed: around('except (KeyError, ValueError):'),
    },
    {
      why: 'or, with a name',
      file,
      code: around('except ValueError or Exception as e:'),
      finds: ['4: so `Exception` goes through'],
      fixed: around('except (ValueError, Exception) as e:'),
    },
    {
      why: 'or in parentheses',
      file,
      code: around('except (KeyError or IndexError or TypeError):'),
      finds: ['4: `IndexError`, `TypeError`'],
      fixed: around('except (KeyError, IndexError, TypeError):'),
    },
    {
      why: 'and, which catches the last',
      file,
      code: around('except KeyError and json.JSONDecodeError:', 'import json\n'),
      finds: ['5: catches only `json.JSONDecodeError`'],
      fixed: around('except (KeyError, json.JSONDecodeError):', 'import json\n'),
    },
    {
      why: 'classes of a module',
      file,
      code: around('except requests.exceptions.Timeout or requests.exceptions.ConnectionError:'),
      finds: ['4: `requests.exceptions.ConnectionError` goes through'],
    },
  ],
});
