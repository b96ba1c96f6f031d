import { useCallback, useEffect, useState } from 'react';
import { MessageId } from '../../protocol/ids.ts';
import type { SearchHit } from '../../protocol/outputs.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { askUntilAnswered } from '../sync/ask-until-answered.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { asServerFilters, matchesFilters, type SearchFilters } from './search-filters.ts';
import { useSearchWorker } from './use-search-worker.ts';

export interface FoundMessage {
  message: MessageRow | SearchHit['message'];
  /** What the server found in it; null for what this device found. */
  ranges: SearchHit['ranges'] | null;
}

export interface FoundMessages {
  /** The server's, the best first; what it cannot know, or cannot be asked for, from this device. */
  messages: readonly FoundMessage[];
  /** Only this device has answered, for the server cannot be reached. */
  isDeviceOnly: boolean;
  /** Fetches what comes next; null when this is all. */
  more: (() => void) | null;
}

const LIMIT = 30;
const ASK_SERVER_AFTER_MS = 300;

interface Asked {
  /** What was asked; answers to anything else are old. */
  key: string;
  hits: readonly SearchHit[];
  after: string | null;
}

/** Messages with these words: this device's at once, the server's a moment later. null while nothing is searched. */
export function useMessageSearch(query: string, filters: SearchFilters): FoundMessages | null {
  const client = useChatClient();
  const isLive = useStore(client.connection).kind === 'live';
  const wanted = query.trim().length >= 2 ? query.trim() : '';
  const key = JSON.stringify([wanted, filters]);
  const worker = useSearchWorker(wanted !== '');
  const [held, setHeld] = useState<MessageRow[] | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);

  useEffect(() => {
    if (wanted === '' || !worker) {
      setHeld(null);
      return;
    }
    return worker.search(wanted, async (ids) => {
      const rows = await Promise.all(ids.map((id) => client.db.getMessage(MessageId.parse(id))));
      setHeld(rows.filter((row) => row !== null && row.deletedAt === null) as MessageRow[]); // null was filtered
    });
  }, [wanted, worker, client]);

  const ask = useCallback(
    async (after: string | null) => {
      const [words, chosen] = JSON.parse(key) as [string, SearchFilters]; // written above
      const input = { query: words.slice(0, 200), limit: LIMIT, ...asServerFilters(chosen) };
      const page = await client.trpc.message.search.query(after ? { ...input, after } : input);
      setAsked((before) => ({
        key,
        hits: after && before?.key === key ? [...before.hits, ...page.hits] : page.hits,
        after: page.after,
      }));
    },
    [client, key],
  );
  const [isUnanswered, setUnanswered] = useState(false);
  useEffect(() => {
    setUnanswered(false);
    if (wanted === '' || !isLive) return;
    let stop = () => {};
    const timer = setTimeout(() => {
      // What is on the device stands where the server does not answer.
      stop = askUntilAnswered(
        () => ask(null),
        () => setUnanswered(false),
        () => setUnanswered(true),
      );
    }, ASK_SERVER_AFTER_MS);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [wanted, isLive, ask]);

  const answer = isLive && asked?.key === key ? asked : null;
  if (wanted === '' || (held === null && answer === null)) return null;
  const here = (held ?? []).filter((row) => matchesFilters(row, filters));
  const there = new Set(answer?.hits.map((hit) => hit.message.id));
  // What waits here the server cannot know; without its answer everything is this device's.
  const own = here.filter((row) => (answer ? row.local !== null : true) && !there.has(row.id));
  own.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  const next = answer?.after ?? null;
  return {
    messages: [...own.map((message) => ({ message, ranges: null })), ...(answer?.hits ?? [])],
    isDeviceOnly: answer === null && (!isLive || isUnanswered),
    more: next === null ? null : () => void ask(next).catch(() => {}),
  };
}
