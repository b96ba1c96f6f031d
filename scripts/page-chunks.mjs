/** Where the pages begin: what every page runs, and what those without an account show. */
const EVERYWHERE = /\/app\/(entry\.client|root|routes\/(_index|sign-in|join\.\$token))\.tsx/;
/** The first screen of a conversation. */
const CONVERSATION = /\/app\/routes\/chat(\.\$sessionId)?\.tsx/;
const FRAMEWORK =
  /\/node_modules\/(react|react-dom|scheduler|react-router|react-router-dom|@remix-run\/[^/]+|turbo-stream)\//;
/** Named together with those that a first screen shows, and shown later. */
const LATER_WORDS = /\/app\/messages\/en\/(details|memory|project|search|settings)\.ts$/;

/**
 * Few files in front of a first screen, in place of one for each module that two parts share: each costs a request and
 * begins its compression anew. Whatever is imported later stays as Rollup parts it.
 *
 * @returns {import('rollup').GetManualChunk}
 */
export function pageChunks() {
  /** @type {Map<string, string> | null} */
  let chunks = null;
  return (id, { getModuleIds, getModuleInfo }) => {
    chunks ??= chunksOf([...getModuleIds()], getModuleInfo);
    return chunks.get(id);
  };
}

/**
 * @param {string[]} ids
 * @param {import('rollup').GetModuleInfo} getModuleInfo
 */
function chunksOf(ids, getModuleInfo) {
  /** @type {Map<string, string>} */
  const chunks = new Map();
  for (const id of ids) {
    if (FRAMEWORK.test(id)) chunks.set(id, 'framework');
    if (LATER_WORDS.test(id)) chunks.set(id, 'later-words');
  }
  for (const [chunk, beginning] of /** @type {const} */ ([
    ['everywhere', EVERYWHERE],
    ['conversation', CONVERSATION],
  ])) {
    const next = ids.filter((id) => beginning.test(id));
    for (let id = next.pop(); id !== undefined; id = next.pop()) {
      if (chunks.has(id)) continue;
      chunks.set(id, chunk);
      next.push(...(getModuleInfo(id)?.importedIds ?? []));
    }
  }
  return chunks;
}
