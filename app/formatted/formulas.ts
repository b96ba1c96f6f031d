const CODE = /(^ {0,3}```[\s\S]*?(?:^ {0,3}```|$(?![\s\S]))|`[^`\n]+`)/m;

export const hasFormulas = (text: string) => /\$\$|\\\(|\\\[/.test(text);

/**
 * Formulas as the renderer knows them, between `$$`: people and models write LaTeX's own brackets as well. One that has
 * its lines to itself is set on its own. A single dollar stays money.
 */
export function inDollars(text: string): string {
  if (!hasFormulas(text)) return text;
  return text
    .split(CODE)
    .map((part, index) => (index % 2 === 1 ? part : rewritten(part)))
    .join('');
}

function rewritten(text: string): string {
  return text
    .replace(/^([ \t]*)\\\[([\s\S]+?)\\\][ \t]*$/gm, alone)
    .replace(/^([ \t]*)\$\$(.+?)\$\$[ \t]*$/gm, alone)
    .replace(/\\\((.+?)\\\)/g, (_, formula: string) => `$$${formula.trim()}$$`)
    .replace(/\\\[(.+?)\\\]/g, (_, formula: string) => `$$${formula.trim()}$$`);
}

function alone(_: string, indent: string, formula: string): string {
  const lines = formula.trim().split(/\n\s*/).filter(Boolean);
  return ['$$', ...lines, '$$'].map((line) => indent + line).join('\n');
}
