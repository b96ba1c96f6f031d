import type { OutboxOp } from './outbox.ts';
import { inputs } from './procedures.ts';
import { asLine, isNotOneLine, storable, withTexts } from './text.ts';

/**
 * What a device makes of what was typed or pasted for a change, or kept for it by an earlier version of the app: no
 * character is left in it that would be refused.
 */
export function typedInput(op: OutboxOp, input: unknown): unknown {
  const typed = withTexts(input, storable);
  const issues = inputs[op].safeParse(typed).error?.issues ?? [];
  return issues.filter(isNotOneLine).reduce((value, { path }) => withTextAt(value, path, asLine), typed);
}

/** The same, with one of its texts changed. */
function withTextAt(value: unknown, path: readonly PropertyKey[], change: (text: string) => string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return typeof value === 'string' ? change(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const at = String(key);
  const changed = Object.entries(value).map(([name, one]) => [
    name,
    name === at ? withTextAt(one, rest, change) : one,
  ]);
  return Array.isArray(value) ? changed.map(([, one]) => one) : Object.fromEntries(changed);
}
