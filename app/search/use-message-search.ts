import { useEffect, useState } from 'react';
import { MessageId } from '../../protocol/ids.ts';
import type { SearchHit } from '../../protocol/outputs.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { matchesFilters, type SearchFilters } from './search-filters.ts';
import { useSearchWorker } from './use-search-worker.ts';
import { useServerHits } from './use-server-hits.ts';

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

/** Messages with these words: this device's at once, the server's a moment later. null while nothing is searched. */
export function useMessageSearch(query: string, filters: SearchFilters): FoundMessages | null {
  const client = useChatClient();
  const isLive = useStore(client.connection).kind === 'live';
  const wanted = query.trim().length >= 2 ? query.trim() : '';
  const worker = useSearchWorker(wanted !== '');
  const [held, setHeld] = useState<MessageRow[] | null>(null);

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

  const { hits, isNews, isUnanswered, more } = useServerHits(wanted, filters, held);
  if (wanted === '' || (held === null && hits === null)) return null;
  const there = new Set(hits?.map((hit) => hit.message.id));
  const own = (held ?? []).filter((row) => matchesFilters(row, filters) && isNews(row) && !there.has(row.id));
  own.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  return {
    messages: [...own.map((message) => ({ message, ranges: null })), ...(hits ?? [])],
    isDeviceOnly: hits === null && (!isLive || isUnanswered),
    more,
  };
}
