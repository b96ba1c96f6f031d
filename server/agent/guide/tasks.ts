import { allocationFor } from './allocation.ts';
import { sampleSizeFor } from './sample-size.ts';
import { timePlanFor } from './time-plan.ts';
import { wordBudgetFor } from './word-budget.ts';

/** Something worked out from the figures of a question, and the entry that explains it. */
export interface Worked {
  text: string;
  entry: number;
  /** Of the entry's sections the one to read beside it. */
  heading: string;
}

/** What can be worked out rather than looked up; null when the question holds nothing to work out. */
export function workOut(question: string, earlier: readonly string[], now: Date): Worked | null {
  return (
    allocationFor(question) ??
    wordBudgetFor(question) ??
    timePlanFor(question, earlier, now) ??
    sampleSizeFor(question, earlier)
  );
}
