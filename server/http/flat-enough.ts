import type { RequestHandler } from 'express';
import { ChatError } from '../../protocol/errors.ts';
import type { SendFailure } from './failures.ts';

/** Lists and objects in each other: no procedure takes so many, and to read a million of them takes seconds. */
const DEPTH = 64;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** Refuses JSON that is nested without end, by a look at its text, before anybody takes it apart. */
export function requireFlatEnough(sendFailure: SendFailure): RequestHandler {
  return (request, response, next) => {
    const { body } = request;
    if (typeof body !== 'string' || isFlatEnough(body)) next();
    else
      sendFailure(
        request,
        response,
        new ChatError('INVALID_INPUT', `The body is nested more than ${DEPTH} levels deep.`),
      );
  };
}

function isFlatEnough(json: string): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < json.length; at += 1) {
    const unit = json.charCodeAt(at);
    if (isInText) {
      if (unit === BACKSLASH) at += 1;
      else if (unit === QUOTE) isInText = false;
    } else if (unit === QUOTE) isInText = true;
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      depth += 1;
      if (depth > DEPTH) return false;
    } else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) depth -= 1;
  }
  return true;
}
