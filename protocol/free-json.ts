import { z } from 'zod';
import { wellFormed, withTexts } from './text.ts';

/** How deep lists and objects may stand in each other: far below what a recursive reader can bear. */
const DEPTH = 16;

export interface FreeJsonLimits {
  /** Of keys and texts, and one for each value. */
  size: number;
  keyLength: number;
}

/**
 * An object of any JSON, looked through without recursion and no further than its limit, so that whatever comes after
 * (a digest, a merge, a row) has little to do. What is over `size` is TOO_LARGE.
 */
export const freeJson = (limits: FreeJsonLimits) =>
  z
    .custom<Record<string, unknown>>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'must be an object',
    )
    .check((ctx) => {
      const complaint = complaintAbout(ctx.value, limits);
      if (complaint) ctx.issues.push({ code: 'custom', input: null, ...complaint });
    })
    .transform((value) => withTexts(value, wellFormed) as Record<string, unknown>); // an object stays one

interface Complaint {
  message: string;
  /** Read where failures are made of issues. */
  params?: { reason: 'TOO_LARGE' };
}

function complaintAbout(whole: object, { size, keyLength }: FreeJsonLimits): Complaint | null {
  const tooLarge: Complaint = {
    message: `may hold up to ${size.toLocaleString('en')} characters in all`,
    params: { reason: 'TOO_LARGE' },
  };
  let left = size;
  const waiting: { value: unknown; depth: number }[] = [{ value: whole, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next;
    left -= 1;
    if (typeof value === 'string') {
      left -= value.length;
      if (value.includes('\0')) return nul;
    } else if (typeof value === 'object' && value !== null) {
      if (depth === DEPTH) return { message: `may be nested up to ${DEPTH} levels deep` };
      const keys = Array.isArray(value) ? [] : Object.keys(value);
      const values = Object.values(value);
      if (values.length > left) return tooLarge;
      for (const key of keys) {
        left -= key.length;
        if (key.includes('\0')) return nul;
        // Read back by some and left out by others: two copies would differ.
        if (key === '__proto__') return { message: 'cannot have a key of this name' };
        if (depth === 0 && key.length > keyLength)
          return { message: `has a key of more than ${keyLength} characters` };
      }
      for (const one of values) waiting.push({ value: one, depth: depth + 1 });
    }
    if (left < 0) return tooLarge;
  }
  return null;
}

const nul: Complaint = { message: 'cannot hold the NUL character (U+0000)' };
