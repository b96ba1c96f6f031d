import MiniSearch from 'minisearch';
import { type Entry, type Section, textOf } from './handbook.ts';
import { Spelling } from './spelling.ts';
import { aboutOf, type Match, Subjects, type Terms } from './subjects.ts';
import { isStopWord, stem, stemsOf, synonyms, wordsOf } from './words.ts';

export interface Found {
  /** Whether the handbook may claim to know: the best entry is about what was asked, not merely using its words. */
  isKnown: boolean;
  /** Entries, best first. */
  matches: Match[];
  /** What was looked for. */
  terms: Terms;
  /** Whether the question leaned on the one before. */
  isFollowUp: boolean;
  /** Of 0 to 1, how sure: shown in tests. */
  confidence: number;
}

interface EntryDocument {
  id: number;
  title: string;
  keywords: string;
  headings: string;
  questions: string;
  text: string;
}

const MISSPELT = 0.75;
const BEFORE = 0.15;
const SYNONYM = 0.4;
const KNOWN_FROM = 0.6;
/** From this score on, and this far ahead of every other, an entry is meant even by a question with foreign words. */
const OUTSTANDING = { score: 40, lead: 1.5, coverage: 0.32 };
const PHRASE = 20;
const TALKED_ABOUT = 16;
const RELATED = 13;

/** Finds what of the handbook a question is about. */
export class Retriever {
  readonly #entries: MiniSearch<EntryDocument>;
  readonly #sections: MiniSearch<{ id: number; heading: string; text: string }>;
  readonly #sectionAt: { entry: Entry; section: Section }[];
  readonly #subjects: Subjects;
  readonly #suggestions: Map<string, Entry>;
  readonly #spelling: Spelling;

  constructor(readonly handbook: readonly Entry[]) {
    const exact = {
      tokenize: (text: string) => text.split(' '),
      processTerm: (term: string) => term || null,
    };
    this.#entries = new MiniSearch<EntryDocument>({
      fields: ['title', 'keywords', 'headings', 'questions', 'text'],
      tokenize: stemsOf,
      processTerm: (term) => term || null,
      searchOptions: {
        ...exact,
        boost: { title: 4, keywords: 3, headings: 1.5, questions: 0.7, text: 1 },
        bm25: { k: 1.2, b: 0.4, d: 0.3 },
      },
    });
    this.#entries.addAll(
      handbook.map((entry, id) => ({
        id,
        title: entry.title,
        keywords: entry.keywords.join(' , '),
        headings: entry.sections.map((section) => section.heading).join(' , '),
        questions: entry.questions.join(' '),
        text: textOf(entry),
      })),
    );
    this.#sectionAt = handbook.flatMap((entry) => entry.sections.map((section) => ({ entry, section })));
    this.#sections = new MiniSearch({
      fields: ['heading', 'text'],
      tokenize: stemsOf,
      processTerm: (term) => term || null,
      searchOptions: { ...exact, boost: { heading: 3, text: 1 } },
    });
    this.#sections.addAll(
      this.#sectionAt.map(({ section }, id) => ({ id, heading: section.heading, text: section.text })),
    );
    this.#subjects = new Subjects(handbook);
    this.#suggestions = new Map(
      handbook.flatMap((entry) => entry.questions.map((question) => [likeness(question), entry])),
    );
    this.#spelling = new Spelling(
      (word) => this.#subjects.isKnown(stem(word)) || synonyms.has(stem(word)),
      handbook.flatMap((entry) => wordsOf(aboutOf(entry))).filter((word) => !isStopWord(word)),
    );
  }

  /**
   * @param earlier what the person asked before, oldest first: a follow-up such as "how many would I need then?" means
   *   the entry that answered, or one related to it
   */
  find(question: string, earlier: readonly string[] = []): Found {
    const own = this.#termsOf(question);
    const suggestedBy = this.#suggestions.get(likeness(question));
    const previous = earlier.at(-1);
    const before =
      previous !== undefined && leansOnBefore(question, own.size)
        ? this.find(previous, earlier.slice(-3, -1))
        : null;
    const talkedAbout = before?.isKnown ? before.matches[0]?.entry : undefined;
    const terms = new Map(own);
    for (const [term, weight] of before?.terms ?? []) {
      if (!terms.has(term)) terms.set(term, weight * BEFORE);
    }
    const matches = this.#rank(terms, suggestedBy ?? talkedAbout);
    const best = matches[0]?.entry;
    let confidence = best ? this.#confidence(matches, question, own) : 0;
    // What we suggested ourselves we can answer; and a follow-up that says nothing new is about the same.
    if (suggestedBy) confidence = 1;
    else if (talkedAbout && best && this.#subjects.hasAll(best, own))
      confidence = Math.max(confidence, KNOWN_FROM);
    return { isKnown: confidence >= KNOWN_FROM, matches, terms, isFollowUp: before !== null, confidence };
  }

  /** The sections of an entry, those that meet the terms best first; sections that meet none are left out. */
  sectionsOf(entry: Entry, terms: Terms): { section: Section; score: number }[] {
    return this.#sections
      .search([...terms.keys()].join(' '), {
        filter: ({ id }) => this.#sectionAt[id]?.entry === entry,
        boostTerm: (term) => terms.get(term) ?? 0,
      })
      .flatMap(({ id, score }) => {
        const found = this.#sectionAt[id];
        return found ? [{ section: found.section, score }] : [];
      });
  }

  /** Words that the handbook has never heard of count too: they are what makes a question foreign. */
  #termsOf(text: string): Map<string, number> {
    const mended = new Set<string>();
    const words = wordsOf(text, (word) => {
      const right = isStopWord(word) ? null : this.#spelling.correct(word);
      if (right !== null) mended.add(stem(right));
      return right ?? word;
    });
    const stems = words.filter((word) => !isStopWord(word)).map(stem);
    return new Map(stems.map((term) => [term, mended.has(term) ? MISSPELT : 1]));
  }

  #rank(terms: Terms, talkedAbout: Entry | undefined): Match[] {
    const scores = new Map<Entry, number>();
    for (const entry of this.handbook) {
      if (entry === talkedAbout) scores.set(entry, TALKED_ABOUT);
      else if (talkedAbout?.related.includes(entry.number)) scores.set(entry, RELATED);
    }
    for (const [term, weight] of terms) {
      for (const [entry, score] of this.#scoresOf(term)) {
        scores.set(entry, (scores.get(entry) ?? 0) + score * weight);
      }
    }
    return [...scores]
      .map(([entry, score]) => ({ entry, score: score + this.#subjects.phraseScore(entry, terms) * PHRASE }))
      .sort((a, b) => b.score - a.score);
  }

  /** How much each entry has of a term, or of the best of its synonyms. */
  #scoresOf(term: string): Map<Entry, number> {
    const scores = new Map<Entry, number>();
    for (const one of [term, ...(synonyms.get(term) ?? [])]) {
      for (const { id, score } of this.#entries.search(one)) {
        const entry = this.handbook[id];
        const worth = score * (one === term ? 1 : SYNONYM);
        if (entry && worth > (scores.get(entry) ?? 0)) scores.set(entry, worth);
      }
    }
    return scores;
  }

  #confidence(matches: readonly Match[], question: string, own: Terms): number {
    // People tell a story before they ask: one clause that is clearly about the entry is enough.
    const clauses = question.split(/[.,;:!?\n]+|\band\b|\bbut\b/i).map((clause) => this.#termsOf(clause));
    const coverages = [own, ...clauses.filter(({ size }) => size >= 2)].map((terms) =>
      this.#subjects.coverage(matches, terms),
    );
    const most = Math.max(...coverages);
    const [best, second] = matches;
    const lead = (best?.score ?? 0) / (second?.score || 1);
    const isOutstanding = (best?.score ?? 0) >= OUTSTANDING.score && lead >= OUTSTANDING.lead;
    return isOutstanding && most >= OUTSTANDING.coverage ? Math.max(most, KNOWN_FROM) : most;
  }
}

const likeness = (text: string) => wordsOf(text).join(' ');

/** "how many would I need then?", "and the other one?", "example?": nothing of its own to look for. */
function leansOnBefore(question: string, ownTerms: number): boolean {
  if (ownTerms <= 1) return true;
  const isShort = ownTerms <= 3;
  const points = /\b(it|its|that|this|them|they|those|these|ones?|then|there|instead)\b/i.test(question);
  const continues = /^\s*(and|or|but|so|also|what about|how about|what if|why)\b/i.test(question);
  return isShort && (points || continues);
}
