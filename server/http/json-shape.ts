import type { RequestHandler } from 'express';
import { ChatError } from '../../protocol/errors.ts';
import type { SendFailure } from './failures.ts';

/** Lists and objects in each other: no procedure takes so many, and to read a million of them takes seconds. */
const DEPTH = 64;
/** Things in one body: several of the largest groups, named whole. Hundreds of thousands of keys take a second. */
const THINGS = 50_000;

const COMMA = 0x2c;
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** Refuses JSON that is nested without end or holds too many things, by a look at its text, before anybody takes it apart. */
export function requirePlainJson(sendFailure: SendFailure): RequestHandler {
  return (request, response, next) => {
    const { body } = request;
    const refusal = typeof body === 'string' ? refusalOf(body) : null;
    if (refusal) sendFailure(request, response, refusal);
    else next();
  };
}

function refusalOf(json: string): ChatError | null {
  let depth = 0;
  let things = 0;
  let isInText = false;
  for (let at = 0; at < json.length; at += 1) {
    const unit = json.charCodeAt(at);
    if (isInText) {
      if (unit === BACKSLASH) at += 1;
      else if (unit === QUOTE) isInText = false;
    } else if (unit === QUOTE) isInText = true;
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      depth += 1;
      if (depth > DEPTH)
        return new ChatError('INVALID_INPUT', `The body is nested more than ${DEPTH} levels deep.`);
    } else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) depth -= 1;
    else if (unit === COMMA) {
      things += 1;
      if (things > THINGS)
        return new ChatError('TOO_LARGE', 'The request holds too many things. Send less at once.');
    }
  }
  return null;
}
