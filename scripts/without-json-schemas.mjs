/**
 * zod's schemas can describe themselves as JSON Schema. Nothing in a page asks them to, and what does it would be a fifth
 * of zod in front of the first screen: in pages its functions are there, and throw.
 *
 * @type {import('vite').Plugin}
 */
export const withoutJsonSchemas = {
  name: 'without-json-schemas',
  enforce: 'pre',
  apply: 'build',
  transform(code, id, options) {
    if (options?.ssr || !/\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/.test(id))
      return null;
    const names = [...code.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
    // Those that make a method are called with each schema; what they make is called by nobody.
    const lines = names.map(
      (name) => `export const ${name} = ${name?.startsWith('create') ? '() => ' : ''}none;`,
    );
    return {
      code: `function none() { throw new Error('JSON schemas are left out of pages.'); }\n${lines.join('\n')}`,
      map: null,
    };
  },
};
