import { dirname, join } from 'node:path';

/** @typedef {{ id: string, code: string | null, importedIds: readonly string[] }} Module */

/** The first screen of a conversation. */
const CONVERSATION = /\/app\/(entry\.client|root|routes\/chat(\.\$sessionId)?)\.tsx/;
/** What those without an account are shown. */
const SIGNED_OUT = /\/app\/(entry\.client|root|routes\/(_index|sign-in|join\.\$token))\.tsx/;
const FRAMEWORK =
  /\/node_modules\/(react|react-dom|scheduler|react-router|react-router-dom|@remix-run\/[^/]+|turbo-stream)\//;
/** What shows Markdown. Rollup would name it after the smallest of its parts, one for diagrams that nobody uses. */
const MARKDOWN = /\/node_modules\/streamdown\/dist\/(index|chunk-\w+)\.js$/;
/** Named together with those that a first screen shows, and shown later. */
const LATER_WORDS = /\/app\/messages\/en\/(details|memory|project|search|settings)\.ts$/;
const ALL_ICONS = /\/lucide-react\.m?js$/;
const ICON = /\/lucide-react\/.*\/icons\//;

/**
 * Few files in front of a first screen, in place of one for each module that two parts share: each costs a request and
 * begins its compression anew. Whatever is imported later stays as Rollup parts it.
 *
 * @returns {import('vite').Rollup.GetManualChunk}
 */
export function pageChunks() {
  /** @type {Map<string, string> | null} */
  let chunks = null;
  return (id, { getModuleIds, getModuleInfo }) => {
    chunks ??= chunksOf(
      new Map(
        [...getModuleIds()].flatMap((one) => {
          const info = getModuleInfo(one);
          return info ? [[one, info]] : [];
        }),
      ),
    );
    return chunks.get(id);
  };
}

/** @param {Map<string, Module>} modules */
function chunksOf(modules) {
  /** @type {Map<string, string>} */
  const chunks = new Map();
  const conversation = reachedFrom(CONVERSATION, modules);
  const signedOut = reachedFrom(SIGNED_OUT, modules);
  const icons = iconsOf(conversation, modules);
  for (const id of modules.keys()) {
    if (FRAMEWORK.test(id)) chunks.set(id, 'framework');
    else if (MARKDOWN.test(id)) chunks.set(id, 'markdown');
    else if (LATER_WORDS.test(id)) chunks.set(id, 'later-words');
    else if (ICON.test(id) && !icons.has(id)) chunks.set(id, 'later-icons');
    else if (conversation.has(id))
      chunks.set(id, signedOut.has(id) && !ICON.test(id) ? 'everywhere' : 'conversation');
  }
  return chunks;
}

/**
 * @param {RegExp} beginnings
 * @param {Map<string, Module>} modules
 */
function reachedFrom(beginnings, modules) {
  const next = [...modules.keys()].filter((id) => beginnings.test(id));
  const reached = new Set(next);
  for (let id = next.pop(); id !== undefined; id = next.pop())
    for (const imported of modules.get(id)?.importedIds ?? [])
      if (!reached.has(imported)) {
        reached.add(imported);
        next.push(imported);
      }
  return reached;
}

/**
 * The icons that these modules name. They import them from one file that names all there are, of which importing tells
 * nothing.
 *
 * @param {Set<string>} ids
 * @param {Map<string, Module>} modules
 */
function iconsOf(ids, modules) {
  const named = new Set();
  for (const id of ids)
    for (const [, names = ''] of (modules.get(id)?.code ?? '').matchAll(
      /import \{([^}]*)\} from "lucide-react"/g,
    ))
      for (const name of names.split(',')) named.add(name.trim().split(/\s/)[0]);
  const icons = new Set();
  for (const { id, code } of modules.values())
    if (ALL_ICONS.test(id))
      for (const [, names = '', file = ''] of (code ?? '').matchAll(/export \{([^}]*)\} from '([^']*)'/g))
        if (names.split(',').some((name) => named.has(name.trim().split(' ').at(-1))))
          icons.add(join(dirname(id), file));
  return icons;
}
