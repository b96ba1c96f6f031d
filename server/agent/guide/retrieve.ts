import MiniSearch from 'minisearch';
import type { Entry, Section } from './handbook.ts';
import { stemsOf } from './words.ts';

export interface Passage {
  entry: Entry;
  section: Section;
  score: number;
}

export interface Found {
  /** Best first; of the best entry its best sections, then other entries. Empty: the handbook does not know. */
  passages: Passage[];
  /** Nearest entries even where nothing was good enough. */
  nearest: Entry[];
}

interface Document {
  id: number;
  heading: string;
  title: string;
  keywords: string;
  text: string;
}

/** How much of a question's content words must be met by the best entry, to count as known. */
const COVERAGE = 0.5;

/** Finds the parts of the handbook that a question is about. */
export class Retriever {
  #index: MiniSearch<Document>;
  #passages: { entry: Entry; section: Section }[];
  #vocabulary: Map<Entry, Set<string>>;

  constructor(private readonly entries: readonly Entry[]) {
    this.#passages = entries.flatMap((entry) => entry.sections.map((section) => ({ entry, section })));
    this.#index = new MiniSearch<Document>({
      fields: ['heading', 'title', 'keywords', 'text'],
      tokenize: stemsOf,
      processTerm: (term) => term || null,
      searchOptions: {
        boost: { keywords: 4, title: 4, heading: 2 },
        tokenize: stemsOf,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
        prefix: (term) => term.length > 4,
      },
    });
    this.#index.addAll(
      this.#passages.map(({ entry, section }, id) => ({
        id,
        heading: section.heading,
        title: entry.title,
        keywords: entry.keywords.join(' '),
        text: section.text,
      })),
    );
    this.#vocabulary = new Map(
      entries.map((entry) => [entry, new Set(stemsOf([entry.title, ...entry.keywords].join(' ')))]),
    );
  }

  /** @param before the person's question before, which a short follow-up leans on */
  find(question: string, before: string | null = null): Found {
    const own = [...new Set(stemsOf(question))];
    const leaning = before !== null && own.length <= 3 ? [...new Set([...own, ...stemsOf(before)])] : own;
    const direct = this.#rank(own);
    const found = direct.passages.length > 0 ? direct : this.#rank(leaning);
    return found;
  }

  #rank(stems: readonly string[]): Found {
    if (stems.length === 0) return { passages: [], nearest: [] };
    const hits = this.#index.search(stems.join(' '));
    const byEntry = new Map<Entry, { score: number; met: Set<string>; passages: Passage[] }>();
    for (const hit of hits) {
      const passage = this.#passages[hit.id];
      if (!passage) continue;
      const known = byEntry.get(passage.entry) ?? { score: 0, met: new Set<string>(), passages: [] };
      known.passages.push({ ...passage, score: hit.score });
      known.score = Math.max(known.score, hit.score) + hit.score * 0.1;
      for (const term of hit.queryTerms) known.met.add(term);
      byEntry.set(passage.entry, known);
    }
    // What an entry is about counts for more than what it mentions.
    const ranked = [...byEntry.entries()]
      .map(([entry, found]) => ({
        entry,
        ...found,
        about: stems.filter((stem) => this.#vocabulary.get(entry)?.has(stem)).length,
      }))
      .map((found) => ({ ...found, score: found.score * (1 + found.about) }))
      .sort((a, b) => b.score - a.score);
    const nearest = ranked.slice(0, 3).map(({ entry }) => entry);
    const [best, ...others] = ranked;
    if (!best || best.met.size / stems.length < COVERAGE || (best.about === 0 && best.met.size < 3))
      return { passages: [], nearest };
    const strong = others.filter((other) => other.score > best.score * 0.45 && other.about > 0).slice(0, 2);
    return {
      passages: [...best.passages, ...strong.flatMap((other) => other.passages.slice(0, 1))],
      nearest,
    };
  }
}
