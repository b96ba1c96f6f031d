import type { Usage } from '../../protocol/usage.ts';
import type { Database } from '../store/database.ts';
import type { Tx } from '../store/prisma-types.ts';
import { costMicros } from './prices.ts';

/** What an answer, or a call behind one, took of a model; estimated where the service did not say. */
export interface Spent {
  provider: string;
  model: string;
  promptTokens: number;
  completionTokens: number;
}

/** Books an answer for one person and day, in the transaction that ends it: once, as it ends once. */
export const bookAnswer = (tx: Tx, userId: string, at: Date, spent: Spent) => book(tx, userId, at, spent, 1);

/** Books a call that wrote no answer: its tokens and its cost count, and it is no answer. */
export const bookBackgroundCall = (tx: Tx, userId: string, at: Date, spent: Spent) =>
  book(tx, userId, at, spent, 0);

/**
 * For nobody, when the account is gone meanwhile.
 * @returns its cost in millionths of a dollar; null where the price is not known
 */
async function book(tx: Tx, userId: string, at: Date, spent: Spent, answers: 0 | 1): Promise<number | null> {
  const { provider, model, promptTokens, completionTokens } = spent;
  const cost = costMicros(provider, model, promptTokens, completionTokens);
  if (!(await tx.user.findUnique({ where: { id: userId, deletedAt: null }, select: { id: true } })))
    return cost;
  const amounts = { promptTokens, completionTokens, costMicros: cost ?? 0, answers };
  const key = { userId, day: dayOf(at), provider, model };
  await tx.modelUse.upsert({
    where: { userId_day_provider_model: key },
    create: { ...key, ...amounts },
    update: {
      answers: { increment: answers },
      promptTokens: { increment: promptTokens },
      completionTokens: { increment: completionTokens },
      costMicros: { increment: cost ?? 0 },
    },
  });
  return cost;
}

/** What a person used today, and how much one person may use a day. */
export function createLedger({ prisma }: Database, tokensPerDay: number | null) {
  async function today(userId: string, now = new Date()): Promise<Usage> {
    const day = dayOf(now);
    const rows = await prisma.modelUse.findMany({ where: { userId, day } });
    // The guide costs nothing and is never used up.
    const paid = rows.filter(({ provider }) => provider !== 'built-in-guide');
    const sum = (of: (row: (typeof rows)[number]) => number) =>
      paid.reduce((total, row) => total + of(row), 0);
    return {
      day: day.toISOString().slice(0, 10),
      answers: rows.reduce((total, row) => total + row.answers, 0),
      tokens: sum((row) => row.promptTokens + row.completionTokens),
      costMicros: sum((row) => Number(row.costMicros)),
      tokensPerDay,
      resetsAt: new Date(day.getTime() + 86_400_000).toISOString(),
    };
  }
  return {
    today,
    /** Whether this person has had a day's share of what a service answers. */
    async isUsedUp(userId: string): Promise<boolean> {
      return tokensPerDay !== null && (await today(userId)).tokens >= tokensPerDay;
    },
  };
}

export type Ledger = ReturnType<typeof createLedger>;

function dayOf(moment: Date): Date {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth(), moment.getUTCDate()));
}
