import { z } from 'zod';
import { ChatError } from '../../protocol/errors.ts';
import type { SearchHit } from '../../protocol/outputs.ts';
import type { Parsed } from '../../protocol/procedures.ts';
import { type SearchPlace, searchSql } from '../store/search-sql.ts';
import { requireMember } from './access.ts';
import type { Account } from './account.ts';
import type { DomainDeps } from './deps.ts';
import { rangesOf, wordsOf } from './search-ranges.ts';
import { messageParts, toChatMessage } from './shapes.ts';

/** Full text over everything the account may see, the best first; `after` continues where a page ended. */
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
    after: input.after === undefined ? null : readPlace(input.after),
  });
  const page = found.slice(0, input.limit);
  const rows = await prisma.chatMessage.findMany({
    where: { id: { in: page.map(({ id }) => id) } },
    include: messageParts(account.userId),
  });
  const byId = new Map(rows.map((row) => [row.id, toChatMessage(row)]));
  const hits = page.flatMap(({ id, marked }) => {
    const message = byId.get(id);
    return message ? [{ message, ranges: rangesOf(message.content, words, marked) }] : [];
  });
  const last = found.length > input.limit ? page.at(-1) : undefined;
  return { hits, after: last ? writePlace(last) : null };
}

const Place = z.tuple([z.number().int(), z.number(), z.string()]);

function writePlace({ rank, at, id }: SearchPlace): string {
  return Buffer.from(JSON.stringify([rank, at, id])).toString('base64url');
}

function readPlace(after: string): SearchPlace {
  try {
    const [rank, at, id] = Place.parse(JSON.parse(Buffer.from(after, 'base64url').toString()));
    return { rank, at, id };
  } catch {
    throw new ChatError('INVALID_INPUT', '“after” takes what the page before gave as “after”.', {
      issues: [{ path: ['after'], message: 'is not from a page before' }],
    });
  }
}
