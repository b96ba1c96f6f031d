import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { MessageId } from '../../protocol/ids.ts';
import type { SearchHit } from '../../protocol/outputs.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { asServerFilters, type SearchFilters } from './search-filters.ts';

const LIMIT = 30;
const ASK_AFTER_MS = 300;

/** Stored messages, with the version of their words. */
type Known = ReadonlyMap<MessageId, string | null>;

interface Answered {
  /** What was asked; answers to anything else are old. */
  key: string;
  /** What this device had found when it asked, and the server could know; null while it was still looking. */
  known: Known | null;
  hits: readonly SearchHit[];
  after: string | null;
}

export interface ServerHits {
  /** The best first; null until the server has answered. */
  hits: readonly SearchHit[] | null;
  /** Whether the answer may be older than this message, as it is on this device. */
  isNews(row: MessageRow): boolean;
  /** The server was asked, and cannot be reached. */
  isUnanswered: boolean;
  /** Fetches what comes next; null when this is all. */
  more: (() => void) | null;
}

/**
 * What the server finds, asked once a person pauses; and again when this device finds what was stored, or changed, after
 * the server had looked.
 * @param held what this device has found so far; null while it is looking
 */
export function useServerHits(
  wanted: string,
  filters: SearchFilters,
  held: readonly MessageRow[] | null,
): ServerHits {
  const client = useChatClient();
  const isLive = useStore(client.connection).kind === 'live';
  const key = JSON.stringify([wanted, filters]);
  const known = useMemo(() => (held === null ? null : knownOf(held)), [held]);
  const latest = useRef(known);
  latest.current = known;
  const [answered, setAnswered] = useState<Answered | null>(null);
  const [isUnanswered, setUnanswered] = useState(false);

  const ask = useCallback(
    async (after: string | null) => {
      const [words, chosen] = JSON.parse(key) as [string, SearchFilters]; // written above
      const input = { query: words.slice(0, 200), limit: LIMIT, ...asServerFilters(chosen) };
      const knownThen = latest.current;
      const page = await client.trpc.message.search.query(after ? { ...input, after } : input);
      const answer = { key, known: knownThen, ...page };
      setAnswered((before) => {
        if (before?.key !== key) return answer;
        return after ? withNext(before, answer) : askedAnew(before, answer);
      });
    },
    [client, key],
  );

  const isAnswered = answered?.key === key && isSame(answered.known, known);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer may be older than what was found meanwhile
  useEffect(() => {
    setUnanswered(false);
    if (wanted === '' || !isLive || isAnswered) return;
    let stop = () => {};
    const timer = setTimeout(() => {
      // What is on the device stands where the server does not answer.
      stop = askUntilAnswered(
        () => ask(null),
        () => setUnanswered(false),
        () => setUnanswered(true),
      );
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [wanted, isLive, ask, isAnswered, answered]);

  const answer = isLive && answered?.key === key ? answered : null;
  const next = answer?.after ?? null;
  return {
    hits: answer?.hits ?? null,
    isNews: (row) => row.local !== null || (answer?.known ? !answer.known.has(row.id) : !answer),
    isUnanswered,
    more: next === null ? null : () => void ask(next).catch(() => {}),
  };
}

function knownOf(held: readonly MessageRow[]): Known {
  return new Map(held.filter((row) => row.local === null).map((row) => [row.id, row.editedAt]));
}

function isSame(one: Known | null, other: Known | null): boolean {
  if (one === null || other === null) return one === other;
  return one.size === other.size && [...one].every(([id, editedAt]) => other.get(id) === editedAt);
}

function withNext(before: Answered, next: Answered): Answered {
  return { ...next, known: before.known, hits: [...before.hits, ...next.hits] };
}

/** What was fetched behind the first page stays behind it. */
function askedAnew(before: Answered, first: Answered): Answered {
  const isHere = new Set(first.hits.map((hit) => hit.message.id));
  const behind = before.hits.slice(LIMIT).filter((hit) => !isHere.has(hit.message.id));
  return behind.length === 0 ? first : { ...first, hits: [...first.hits, ...behind], after: before.after };
}
