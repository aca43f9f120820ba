import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Subject what the rules look at
 * @property {string} root
 * @property {any} manifest package.json, texts of package.nls.json put in
 * @property {Record<string, Record<string, string>>} tables of src/contributions.ts
 * @property {string} settingsPage docs/settings.md
 * @property {Record<string, Record<string, string>>} nls texts by file, `package.nls.json` first
 */

/** @param {readonly string[]} from @param {Iterable<string>} known */
const without = (from, known) => {
  const set = new Set(known);
  return from.filter((name) => !set.has(name));
};

/** Every `menus` and `keybindings` entry, with where it stands. @param {any} contributes */
function menuEntries(contributes) {
  const menus = Object.entries(contributes.menus ?? {}).flatMap(([menu, entries]) =>
    entries.map((/** @type {any} */ entry) => ({ ...entry, place: `menus ${menu}`, menu })),
  );
  const keys = (contributes.keybindings ?? []).map((/** @type {any} */ entry) => ({
    ...entry,
    place: `keybinding ${entry.key}`,
    menu: '',
  }));
  return [...menus, ...keys];
}

const commandIds = (/** @type {any} */ contributes) =>
  (contributes.commands ?? []).map((/** @type {any} */ { command }) => command);
const viewIds = (/** @type {any} */ contributes) =>
  Object.values(contributes.views ?? {}).flatMap((list) => list.map((/** @type {any} */ { id }) => id));
const settingEntries = (/** @type {any} */ { configuration = [] }) =>
  [configuration].flat().flatMap((section) => Object.entries(section.properties ?? {}));

/** One comparison: a key, and perhaps an operator with a pattern, a quoted text or a word. */
const clause = /([\w.:-]+)(?:\s*(==|!=|=~|\bin\b|[<>]=?)\s*(\/(?:[^/\\]|\\.)*\/\w*|'[^']*'|[^\s&|()]+))?/g;

/** The comparisons of a `when` clause. @param {string} when */
const clauses = (when) =>
  [...when.matchAll(clause)].map(([, key = '', operator = '', value = '']) => ({
    key,
    operator,
    value: value.replace(/^'|'$/g, ''),
  }));

/**
 * @param {{ key: string, operator: string, value: string }} clause
 * @param {{ views: Set<string>, keys: Set<string>, items: string[], settings: Set<string> }} known
 * @returns {string[]}
 */
function wrongClause({ key, operator, value }, known) {
  if (key === 'view') return ownId(value) && !known.views.has(value) ? [`no view ${value}`] : [];
  if (key === 'viewItem') {
    const pattern = operator === '=~' ? new RegExp(value.replace(/^\/|\/\w*$/g, '')) : undefined;
    const found = known.items.some((item) => (pattern === undefined ? item === value : pattern.test(item)));
    return found ? [] : [`no viewItem ${value}`];
  }
  if (ownId(key)) return known.keys.has(key) ? [] : [`no context key ${key}`];
  return key.startsWith('config.faultline.') && !known.settings.has(key) ? [`no setting ${key}`] : [];
}

/** Each rule: what is wrong, one text each. @type {readonly ((subject: Subject) => string[])[]} */
export const rules = [
  function commandsAreImplemented({ manifest: { contributes }, tables }) {
    const declared = commandIds(contributes);
    const known = Object.values(tables.commands ?? {});
    return [
      ...without(declared, known).map((id) => `command ${id} is not in src/contributions.ts`),
      ...without(known, declared).map((id) => `command ${id} of src/contributions.ts is not in contributes.commands`),
      ...declared.filter((id, i) => declared.indexOf(id) !== i).map((id) => `command ${id} is declared twice`),
    ];
  },

  function commandsHaveTitles({ manifest: { contributes, displayName } }) {
    return (contributes.commands ?? []).flatMap((/** @type {any} */ { command, title, category }) => [
      ...(title ? [] : [`command ${command} has no title`]),
      ...(category === displayName ? [] : [`command ${command} has not the category ${displayName}`]),
      ...(title?.startsWith(displayName) ? [`command ${command} repeats its category in the title`] : []),
    ]);
  },

  function commandsOfRowsAreKeptFromThePalette({ manifest: { contributes } }) {
    const palette = new Set((contributes.menus?.commandPalette ?? []).map((/** @type {any} */ { command }) => command));
    const ofRows = menuEntries(contributes).filter(({ menu, command }) => menu === 'view/item/context' && command);
    const open = new Set(ofRows.map(({ command }) => command).filter((command) => !palette.has(command)));
    return [...open].map((id) => `command ${id} needs a row: say in menus.commandPalette when the palette offers it`);
  },

  function menusReferToWhatThereIs({ manifest: { contributes } }) {
    const commands = new Set(commandIds(contributes));
    const submenus = new Set((contributes.submenus ?? []).map((/** @type {any} */ { id }) => id));
    return menuEntries(contributes).flatMap(({ command, submenu, alt, place }) => [
      ...[command, alt].filter((id) => ownId(id) && !commands.has(id)).map((id) => `${place}: no command ${id}`),
      ...(submenu && !submenus.has(submenu) ? [`${place}: no submenu ${submenu}`] : []),
    ]);
  },

  function conditionsReferToWhatThereIs({ manifest: { contributes }, tables }) {
    const known = {
      views: new Set(viewIds(contributes)),
      keys: new Set(Object.values(tables.contextKeys ?? {})),
      items: Object.values(tables.itemContexts ?? {}),
      settings: new Set(settingEntries(contributes).map(([name]) => `config.${name}`)),
    };
    const welcome = (contributes.viewsWelcome ?? []).map((/** @type {any} */ each) => ({
      ...each,
      place: 'viewsWelcome',
    }));
    const views = Object.values(contributes.views ?? {})
      .flat()
      .map((/** @type {any} */ each) => ({ ...each, place: `view ${each.id}` }));
    return [...menuEntries(contributes), ...welcome, ...views].flatMap(({ when = '', place }) =>
      clauses(when).flatMap((clause) => wrongClause(clause, known).map((text) => `${place}: ${text}`)),
    );
  },

  function viewsAreKnown({ manifest: { contributes }, tables }) {
    const declared = viewIds(contributes);
    const known = Object.values(tables.views ?? {});
    const welcome = (contributes.viewsWelcome ?? []).map((/** @type {any} */ { view }) => view);
    return [
      ...without(declared, known).map((id) => `view ${id} is not in src/contributions.ts`),
      ...without(known, declared).map((id) => `view ${id} of src/contributions.ts is not in contributes.views`),
      ...without(welcome, declared).map((id) => `viewsWelcome: no view ${id}`),
    ];
  },

  function linksRunKnownCommands({ manifest: { contributes } }) {
    const commands = new Set(commandIds(contributes));
    const text = JSON.stringify([contributes.viewsWelcome ?? [], contributes.walkthroughs ?? []]);
    const linked = [...matches(text, /\(command:([\w.]+)/g), ...matches(text, /onCommand:([\w.]+)/g)];
    return linked.filter((id) => ownId(id) && !commands.has(id)).map((id) => `a text links to no command ${id}`);
  },

  function settingsAreDocumented({ manifest: { contributes }, tables, settingsPage }) {
    const entries = settingEntries(contributes);
    const declared = entries.map(([name]) => name);
    const known = Object.values(tables.settings ?? {});
    return [
      ...without(declared, known).map((name) => `setting ${name} is not in src/contributions.ts`),
      ...without(known, declared).map((name) => `setting ${name} of src/contributions.ts is not contributed`),
      ...declared
        .filter((name) => !settingsPage.includes(name))
        .map((name) => `setting ${name} is not in docs/settings.md`),
      ...entries
        .filter(([, { description, markdownDescription }]) => !(description ?? markdownDescription))
        .map(([name]) => `setting ${name} has no description`),
    ];
  },

  function startsLate({ manifest: { activationEvents = [], contributes } }) {
    const early = activationEvents.filter((/** @type {string} */ event) => ['*', 'onStartupFinished'].includes(event));
    const long = (contributes.walkthroughs ?? []).filter((/** @type {any} */ { steps }) => steps.length > 5);
    return [
      ...early.map((/** @type {string} */ event) => `activation event ${event}: nothing is read before it is needed`),
      ...long.map((/** @type {any} */ { id }) => `walkthrough ${id} has more than 5 steps`),
    ];
  },

  function filesExist({ manifest, root }) {
    const text = JSON.stringify([manifest.contributes, manifest.icon ?? '']);
    const files = matches(text, /"((?:\.\/)?(?:media|docs|l10n)\/[\w./-]+)"/g);
    return files.filter((file) => !existsSync(join(root, file))).map((file) => `no file ${file}`);
  },

  function textsAreTranslated({ manifest, nls }) {
    const [first = '', ...others] = Object.keys(nls);
    const texts = nls[first] ?? {};
    const used = matches(JSON.stringify(manifest), /"%([\w.-]+)%"/g);
    return [
      ...used.map((key) => `no text %${key}% in package.nls.json`),
      ...others.flatMap((file) => [
        ...without(Object.keys(texts), Object.keys(nls[file] ?? {})).map((key) => `${file}: no text ${key}`),
        ...without(Object.keys(nls[file] ?? {}), Object.keys(texts)).map((key) => `${file}: unused text ${key}`),
      ]),
    ];
  },
];

/** @param {string} text @param {RegExp} pattern with one group */
const matches = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** @param {string | undefined} id */
const ownId = (id) => id?.startsWith('faultline.') ?? false;
