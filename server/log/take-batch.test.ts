import { expect, it } from 'vitest';
import type { Job } from './log.ts';
import { takeBatch } from './take-batch.ts';

type Send = Extract<Job, { kind: 'send' }>;
const send = (id: string, parentId: string | null = null, alone = false): Job => ({
  kind: 'send',
  // What a batch is made by; the rest of a row says nothing here.
  row: { id, parentId } as Send['row'],
  alone,
  resolve: () => {},
  reject: () => {},
});
const change: Job = { kind: 'change', run: async () => {}, reject: () => {} };
const mark = { kind: 'mark', row: {}, resolve: () => {}, reject: () => {} } as unknown as Job;

/** What each batch of a queue is, by the ids of its sends or its kind. */
function batchesOf(queue: Job[], atMost = 10): string[][] {
  const batches: string[][] = [];
  while (queue.length > 0)
    batches.push(takeBatch(queue, atMost).map((job) => (job.kind === 'send' ? job.row.id : job.kind)));
  return batches;
}

it('takes neighbours of one kind together, in order, and changes alone', () => {
  const queue = [send('a'), send('b'), mark, mark, change, change, send('c')];
  expect(batchesOf(queue)).toEqual([['a', 'b'], ['mark', 'mark'], ['change'], ['change'], ['c']]);
});

it('takes no more at once than one statement is to carry', () => {
  expect(batchesOf([send('a'), send('b'), send('c')], 2)).toEqual([['a', 'b'], ['c']]);
});

it('judges an id once more only after its first send has committed (invariant 2)', () => {
  expect(batchesOf([send('a'), send('b'), send('a'), send('c')])).toEqual([
    ['a', 'b'],
    ['a', 'c'],
  ]);
});

it('judges a reply only after what it answers has committed', () => {
  expect(batchesOf([send('a'), send('b', 'a'), send('c', 'x')])).toEqual([['a'], ['b', 'c']]);
});

it('tries each by itself after the batch that they were in has failed', () => {
  expect(batchesOf([send('a', null, true), send('b', null, true), send('c')])).toEqual([['a'], ['b'], ['c']]);
});
