import express, { type Request, type RequestHandler } from 'express';
import { limits } from '../../protocol/limits.ts';

/** Bytes of a body by the procedure that it is for; what is not named takes less. */
const larger = new Map<string, number>([
  ['outbox.push', limits.bodyBytes],
  // A picture may come along.
  ['me.update', limits.pictureBodyBytes],
  ['session.update', limits.pictureBodyBytes],
]);

const parsers = new Map(
  [...new Set([limits.smallBodyBytes, ...larger.values()])]
    .sort((a, b) => a - b)
    // As text: tRPC parses it itself, and only once.
    .map((limit) => [limit, express.text({ type: 'application/json', limit, defaultCharset: 'utf-8' })]),
);

/** Reads a body as far as the procedures that are called can have a use for it; a batch as far as all of them together. */
export const readSizedText: RequestHandler = (request, response, next) => {
  const needed = sizeFor(request);
  for (const [limit, parse] of parsers) if (limit >= needed) return parse(request, response, next);
  return next();
};

function sizeFor({ path }: Request): number {
  const sizes = path
    .slice(1)
    .split(',')
    .map((name) => larger.get(name) ?? limits.smallBodyBytes);
  return Math.min(
    limits.bodyBytes,
    sizes.reduce((sum, one) => sum + one, 0),
  );
}
