/** Words that say nothing about what is asked. */
const stopWords = new Set(
  `a able about abeg again all also am an and any anybody anyone anything are as ask at be because been before being
  bit but by bro can cannot cant could couldnt dear dey did didnt do does doesnt doing done dont during each either else etc even
  ever every everything explain explained explanation few for from get gets getting give given go goes going gonna good got guide had has
  have having he hello help her here hey hi him his how however i id if ill im in into is isnt it its ive jay just
  kind know let lets like little lot lots make makes making many matter may maybe me mean meaning means might mine more most much
  must my myself need needed needs no nor not now of off ok okay on once one ones only or other our ours out
  over own please pls plz put question quite r rather re really regarding said same say says see shall she should show
  since sir so some somebody someone something sort still such sure take talk tell than thank thanks that thats the
  their them then there these they thing things think this those thru to too try u under up upon ur us use
  used uses using usually very via want wanted wants was wasnt way ways we well were wetin what whats when where
  whether which while who whom whose why will wise working works with without wont work would wouldnt wrt ya yes wat wht hw hwo waht abt yet you your yours
  yourself actually basically currently final year fyp project projects research student students study studies
  thesis dissertation undergraduate university school agent assist advise advice best better right correct two three four five six seven eight nine ten per often properly
  proper exactly different various important possible right next whole`.split(/\s+/),
);

/** Several words that mean one thing, and spellings that mean the same. Applied in this order to lower-case text. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/['’`]/g, ''],
  [/\bhow many (pages|words)\b/g, 'howlong $1'],
  [/\bsample sizes?\b|\bsize of (?:my |the |a )?sample\b/g, 'sample samplesize'],
  [/\bhow (?:large|big)(?= .*\bsample\b)/g, 'samplesize'],
  [/\bresearch (question|design|gap|method)(s?)\b/g, 'research$1 $1$2'],
  [/\bhow (?:many|much)\b/g, 'howmany'],
  [/\bhow (?:long|big|large)\b/g, 'howlong'],
  [/\b(?:word|page) (?:limit|count)\b/g, 'howlong'],
  [/\blit(?:erature)? rev\w*/g, 'literature review'],
  [/\bt[- ]tests?\b/g, 'ttest'],
  [/\bchi[- ]?squared?\b/g, 'chisquare'],
  [/\bp[- ]values?\b|\bp ?[<=>] ?0?\.\d+/g, 'pvalue'],
  [/\bet\.? al\b\.?/g, 'etal'],
  [/\b(?:chapter|chap|ch)\.? ?(?:one|1|i)\b/g, 'chapter1'],
  [/\b(?:chapter|chap|ch)\.? ?(?:two|2|ii)\b/g, 'chapter2'],
  [/\b(?:chapter|chap|ch)\.? ?(?:three|3|iii)\b/g, 'chapter3'],
  [/\b(?:chapter|chap|ch)\.? ?(?:four|4|iv)\b/g, 'chapter4'],
  [/\b(?:chapter|chap|ch)\.? ?(?:five|5|v)\b/g, 'chapter5'],
  [/\bmachine learning\b|\bml\b/g, 'machinelearning'],
  [/\binternet of things\b/g, 'iot'],
  [/\bgoogle forms?\b/g, 'googleform'],
  [/\buse cases?\b/g, 'usecase'],
  [/\bcase stud(?:y|ies)\b/g, 'casestudy'],
  [/\bfocus groups?\b/g, 'focusgroup'],
  [/\btime ?(?:table|line)\b/g, 'timeline'],
  [/\bpower ?point\b|\bppt\b/g, 'slides'],
  [/\b(?:lap ?top|computer|hard drive|disk) (?:crashed|died|got stolen|was stolen)/g, 'laptop crashed lost'],
  [
    /^(?:jay |please |pls |just |can you |could you |abeg )*(?:write|do|generate|complete) (?:my|the|this|a|an|our)\b.*\b(?:project|chapter|essay|thesis|report|review|assignment|proposal|dissertation|abstract)\w*\b/,
    '$& ghostwriting',
  ],
  [/\bgive up\b/g, 'giveup'],
  [/\bnobody\b|\bno ?one\b/g, 'nobody'],
  [/\b(?:r ?studio|in r|or r|r or|use r|r language|r programming)\b/g, 'rstudio'],
  [/"i"|\bwrite i\b|\buse i\b/g, 'firstperson'],
  [/\bfirst person\b/g, 'firstperson'],
];

/** Forms that suffix stripping does not bring together. */
const roots: readonly (readonly [RegExp, string])[] = [
  [/^analy[sz]/, 'analys'],
  [/^hypothes/, 'hypothes'],
  [/^theor/, 'theor'],
  [/^strat[aiu]/, 'strata'],
  [/^(?:statistic|stats$)/, 'statist'],
  [/^(?:defen[csd]|viva$)/, 'defenc'],
  [/^publi(?:sh|cation)/, 'publish'],
  [/^plagiar/, 'plagiar'],
  [/^cit(?:e|es|ed|ing|ation|ations)$/, 'cit'],
  [/^referenc/, 'referenc'],
  [/^submi[st]/, 'submit'],
  [/^behavio/, 'behavior'],
  [/^advis[eo]r/, 'supervis'],
  [/^findings?$/, 'finding'],
  [/^writ/, 'writ'],
  [/^(?:chose|choos|choic)/, 'choos'],
  [/^(?:scared|afraid|anxi|nervous|nerves|fear)/, 'nervous'],
  [/^(?:teammate|groupmate)/, 'group'],
  [/^recommend/, 'recommend'],
  [/^conclu/, 'conclud'],
  [/^present/, 'present'],
];

/**
 * The words of a text, lower case, several words that mean one thing joined. Stop words are still among them.
 * @param correct puts a word right before words are joined
 */
export function wordsOf(text: string, correct: (word: string) => string = (word) => word): string[] {
  let plain = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\p{L}{4,}/gu, correct);
  for (const [pattern, replacement] of phrases) plain = plain.replace(pattern, replacement);
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Words that carry no topic; figures carry none either. */
export const isStopWord = (word: string) =>
  stopWords.has(word) || word.length < 2 || /^\d+(?:st|nd|rd|th|k)?$/.test(word);

/** Stems of the words that say something. */
export const stemsOf = (text: string): string[] =>
  wordsOf(text)
    .filter((word) => !isStopWord(word))
    .map(stem);

/** Suffix stripping after Porter's first steps (1980): it brings "sampling", "samples" and "sampled" together. */
export function stem(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  const root = roots.find(([pattern]) => pattern.test(word));
  if (root) return root[1];
  let left = word
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|ss|x|zz)es$/, '$1')
    .replace(/([^siu])s$/, '$1');
  if (left.length > 5) left = left.replace(/i[sz]ation$/, 'is').replace(/iz(e|ing|ed)$/, 'is');
  if (left.length > 6)
    left = left.replace(/(?:ibility|ability|ible|able|fulness|ness|ment)$/, '').replace(/ity$/, '');
  if (left.length > 5)
    left = left
      .replace(/ical$/, 'ic')
      .replace(/([st])ion$/, '$1')
      .replace(/([a-z]{3})ly$/, '$1');
  if (left.length > 5) left = left.replace(/(?:ing|ed)$/, '').replace(/([bdgmnprt])\1$/, '$1');
  if (left.length > 6) left = left.replace(/(?:er|or)$/, '');
  return left.replace(/e$/, '').replace(/y$/, 'i');
}

/** Other words for a stem, which count for less than itself. */
export const synonyms: ReadonlyMap<string, readonly string[]> = synonymTable([
  'respondent participant people subject person',
  'questionnaire survey form',
  'paper article journal literatur source',
  'app application softwar system website web',
  'build develop implement cod program',
  'slid present',
  'mark grade score',
  'supervis lecturer professor prof',
  'referenc cit bibliographi',
  'panel examin defenc',
  'howlong length page words',
  'idea topic',
  'fail problem wrong stuck',
  'late behind deadlin delai',
  'busi unavailable unrespons',
  'pick choos select decid',
  'team group',
  'lazi slack unseriou',
  'reject refus',
  'timelin plan schedul gantt',
  'chart graph plot figur diagram',
  'permiss approv clearanc',
  'result find outcom',
  'chatgpt gpt ai claud gemini',
  'method methodologi design',
  'dataset data',
  'format structur outlin arrang order',
  'nobodi few low',
]);

function synonymTable(rows: readonly string[]): Map<string, string[]> {
  const table = new Map<string, string[]>();
  for (const row of rows) {
    const stems = row.split(' ');
    for (const one of stems) {
      table.set(one, [...(table.get(one) ?? []), ...stems.filter((other) => other !== one)]);
    }
  }
  return table;
}
