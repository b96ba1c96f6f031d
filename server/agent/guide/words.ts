/** Words that say nothing about a topic. */
const stopWords = new Set(
  (
    'a an and are as at be been but by can could do does did for from had has have how i if in into is it its ' +
    'just let like make many me more much must my need no not of on or our out over please really should so some than that the ' +
    'their them then there these they this to too up us use very want was we were what when where which who why will with would you ' +
    'your am im dont doesnt isnt about any get give go good help know mean tell thing use using write writing project final year student ' +
    'jay hello hi hey okay ok also best way ways one explain show example examples work way'
  ).split(' '),
);

/** Lower-case stems without stop words: enough to bring "sampling", "samples" and "sampled" together. */
export function stemsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize('NFKD')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
    .filter((word) => !stopWords.has(word))
    .map(stem);
}

/** Suffix stripping in the manner of Porter's first steps; the same for questions and handbook, which is all it must be. */
export function stem(word: string): string {
  if (word.length <= 3) return word;
  let root = word
    .replace(/(ies)$/, 'y')
    .replace(/(sses)$/, 'ss')
    .replace(/([^s])s$/, '$1');
  if (root.length > 5)
    root = root
      .replace(/(ational|ation|ations|ative)$/, 'at')
      .replace(/(fulness|ousness|iveness)$/, '')
      .replace(/(ment|ness|ility)$/, '');
  if (root.length > 4) root = root.replace(/(ing|edly|ed|ly|al|er|or)$/, '');
  return root
    .replace(/([b-df-hj-np-tv-z])\1$/, '$1')
    .replace(/[ey]$/, 'i')
    .replace(/i$/, '');
}
