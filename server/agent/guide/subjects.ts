import { type Entry, textOf } from './handbook.ts';
import { stemsOf, synonyms } from './words.ts';

export interface Match {
  entry: Entry;
  score: number;
}

/** Stems and how much each counts. */
export type Terms = ReadonlyMap<string, number>;

/** What an entry is about counts in full; what its text merely mentions counts this much. */
const MENTIONED = 0.3;
const NEARLY = 0.7;
/** An entry that is this much behind the best has a say in what is known. */
const NEAR = 0.4;

/** What each entry of the handbook is about: its title, keywords and headings; and what its text mentions. */
export class Subjects {
  readonly #about: Map<Entry, Set<string>>;
  readonly #mentions: Map<Entry, Set<string>>;
  readonly #keyPhrases: Map<Entry, string[][]>;
  readonly #rarities = new Map<string, number>();

  constructor(handbook: readonly Entry[]) {
    this.#about = new Map(handbook.map((entry) => [entry, new Set(stemsOf(aboutOf(entry)))]));
    this.#mentions = new Map(handbook.map((entry) => [entry, new Set(stemsOf(textOf(entry)))]));
    this.#keyPhrases = new Map(
      handbook.map((entry) => [
        entry,
        [entry.title, ...entry.keywords]
          .map((phrase) => [...new Set(stemsOf(phrase))])
          .filter((stems) => stems.length > 0),
      ]),
    );
  }

  /** Whether any entry has a word of this stem. */
  isKnown(stem: string): boolean {
    return [...this.#mentions.values(), ...this.#about.values()].some((stems) => stems.has(stem));
  }

  /** Whether an entry has all terms, but for those that ask for more of the same whatever it is. */
  hasAll(entry: Entry, terms: Terms): boolean {
    return [...terms.keys()].every(
      (term) =>
        generic.has(term) || this.#about.get(entry)?.has(term) || this.#mentions.get(entry)?.has(term),
    );
  }

  /** What it is worth that whole phrases of an entry stand in the question. */
  phraseScore(entry: Entry, terms: Terms): number {
    const worths = (this.#keyPhrases.get(entry) ?? [])
      .filter((stems) => stems.every((one) => terms.has(one)))
      .map((stems) => {
        const sum = stems.reduce((total, one) => total + this.#rarity(one) * (terms.get(one) ?? 0), 0);
        return sum * (1 + 0.5 * (stems.length - 1));
      })
      .sort((a, b) => b - a);
    return (worths[0] ?? 0) + 0.2 * (worths[1] ?? 0);
  }

  /** How much of what was asked the best entries are about, from 0 to 1. */
  coverage([best, ...others]: readonly Match[], terms: Terms): number {
    if (!best) return 0;
    const near = others.slice(0, 2).filter(({ score }) => score > best.score * NEAR);
    let asked = 0;
    let met = 0;
    let about = 0;
    for (const [term, weight] of terms) {
      const worth = this.#rarity(term) * weight;
      const alike = synonyms.get(term) ?? [];
      const isAbout = ({ entry }: Match, stems: readonly string[]) =>
        stems.some((one) => this.#about.get(entry)?.has(one));
      asked += worth;
      if (isAbout(best, [term])) {
        about += 1;
        met += worth;
      } else if (isAbout(best, alike)) {
        about += 1;
        met += worth * NEARLY;
      } else if (near.some((other) => isAbout(other, [term]))) met += worth * NEARLY;
      else if (this.#mentions.get(best.entry)?.has(term)) met += worth * MENTIONED;
    }
    const coverage = about === 0 || asked === 0 ? 0 : met / asked;
    // A single word may mean anything, unless it is a keyword as it stands.
    if (
      terms.size === 1 &&
      !this.#keyPhrases.get(best.entry)?.some((stems) => stems.length === 1 && terms.has(stems[0] ?? ''))
    )
      return 0;
    return coverage;
  }

  /** 0 for a word that every entry is about, towards 1 for one that a single entry is about, or none. */
  #rarity(term: string): number {
    let rarity = this.#rarities.get(term);
    if (rarity === undefined) {
      const all = this.#about.size + 1;
      const count = [...this.#about.values()].filter((about) => about.has(term)).length;
      rarity = Math.log(all / Math.max(count, 1)) / Math.log(all);
      // Only of words that are known, or what people type would pile up here.
      if (count > 0) this.#rarities.set(term, rarity);
    }
    return rarity;
  }
}

/** The words by which an entry says what it is about, with commas between them. */
export const aboutOf = (entry: Entry) =>
  [entry.title, ...entry.keywords, ...entry.sections.map(({ heading }) => heading)].join(' , ');

/** Asks for more of the same, whatever it is. */
const generic = new Set(
  stemsOf('how many, how long, example, step, simple, detail, start, write, template, sample, tip'),
);
