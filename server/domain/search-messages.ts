import type { Parsed, SearchHit } from '../../protocol/procedures.ts';
import { searchSql } from '../store/search-sql.ts';
import { requireMember } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { messageParts, toChatMessage } from './shapes.ts';

/** Full text over everything the account may see, newest first; `after` continues where a page ended. */
export async function searchMessages(
  deps: DomainDeps,
  account: Account,
  input: Parsed<'message.search'>,
): Promise<{ hits: SearchHit[]; after: string | null }> {
  const { prisma, pool } = deps.database;
  if (input.sessionId) await requireMember(prisma, input.sessionId, account.userId);
  const words = wordsOf(input.query);
  if (words.length === 0) return { hits: [], after: null };
  const found = await searchSql(pool, {
    ...input,
    userId: account.userId,
    byUserId: input.userId ?? null,
    words,
  });
  const page = found.slice(0, input.limit);
  const rows = await prisma.chatMessage.findMany({
    where: { id: { in: page } },
    include: messageParts(account.userId),
  });
  const byId = new Map(rows.map((row) => [row.id, toChatMessage(row)]));
  const hits = page.flatMap((id) => {
    const message = byId.get(id as SearchHit['message']['id']); // ids come from the messages' own table
    return message ? [{ message, ranges: rangesOf(message.content, words) }] : [];
  });
  return { hits, after: found.length > input.limit ? (page.at(-1) ?? null) : null };
}

/** Letters and digits of any script; everything else separates. */
export function wordsOf(query: string): string[] {
  return query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Where words that start with one of the searched ones stand, as [start, end) in UTF-16 units. */
export function rangesOf(content: string, words: readonly string[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const match of content.matchAll(/[\p{L}\p{N}]+/gu)) {
    const word = match[0].toLowerCase();
    const hit = words.find((searched) => word.startsWith(searched));
    if (hit) ranges.push([match.index, match.index + hit.length]);
  }
  return ranges;
}
