const ENDED = ['done', 'stopped', 'failed', 'interrupted'];

export interface SpokenRow {
  id: string;
  seq: number;
  content: string;
  turn: { questionId: string; version: number; status: string } | null;
}

/**
 * Oldest first. Of several versions of an answer only the newest that has text stays, right behind its question,
 * wherever it was written. Other answers to the question being answered now are left out.
 */
export function inOrderOfQuestions<R extends SpokenRow>(rows: readonly R[], questionId: string | null): R[] {
  const seqOf = new Map(rows.map((row) => [row.id, row.seq]));
  const newest = new Map<string, R>();
  for (const row of rows) {
    if (!row.turn || row.content === '' || !ENDED.includes(row.turn.status)) continue;
    const rival = newest.get(row.turn.questionId);
    if ((rival?.turn?.version ?? 0) < row.turn.version) newest.set(row.turn.questionId, row);
  }
  if (questionId !== null) newest.delete(questionId);
  const place = (row: R) => (row.turn ? (seqOf.get(row.turn.questionId) ?? row.seq) + 0.5 : row.seq);
  return rows
    .filter((row) => row.content !== '' && (!row.turn || newest.get(row.turn.questionId) === row))
    .sort((a, b) => place(a) - place(b));
}
