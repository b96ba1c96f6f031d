/** What one call of one device is known to have done. */
export type Outcome = 'acknowledged' | 'failed' | 'unknown';

export interface Write {
  device: string;
  sessionId: string;
  /** Unique over the whole schedule. */
  body: string;
  outcome: Outcome;
}

export interface Seen {
  /** Who holds this copy: a device, or the server. */
  where: string;
  sessionId: string;
  /** Bodies in the order in which they are shown. */
  bodies: readonly string[];
}

export interface Findings {
  lost: string[];
  doubled: string[];
  reordered: string[];
  /** Copies that differ from the server's. */
  stale: string[];
  invented: string[];
}

/**
 * Compares what was written with what everyone holds once the world is healed. An acknowledged write is there once; a
 * failed one is not there; an unknown one may have happened once or not at all. One device's writes to one
 * conversation stand in the order in which they were written (invariant 4); all copies are equal (invariant 7).
 */
export function check(writes: readonly Write[], server: readonly Seen[], devices: readonly Seen[]): Findings {
  const findings: Findings = { lost: [], doubled: [], reordered: [], stale: [], invented: [] };
  const written = new Map(writes.map((write) => [write.body, write]));
  for (const { sessionId, bodies } of server) {
    const counts = new Map<string, number>();
    for (const body of bodies) counts.set(body, (counts.get(body) ?? 0) + 1);
    for (const [body, count] of counts) {
      if (count > 1) findings.doubled.push(`${body} stands ${count} times in ${sessionId}`);
      const write = written.get(body);
      if (!write || write.sessionId !== sessionId) findings.invented.push(`${body} in ${sessionId}`);
      else if (write.outcome === 'failed')
        findings.invented.push(`${body} was reported failed, and stands in ${sessionId}`);
    }
    for (const write of writes) {
      if (write.sessionId === sessionId && write.outcome === 'acknowledged' && !counts.has(write.body))
        findings.lost.push(`${write.body} of ${write.device}`);
    }
    findings.reordered.push(
      ...outOfOrder(
        writes.filter((write) => write.sessionId === sessionId),
        bodies,
      ),
    );
  }
  for (const copy of devices) {
    const truth = server.find((seen) => seen.sessionId === copy.sessionId);
    if (JSON.stringify(truth?.bodies ?? []) !== JSON.stringify(copy.bodies))
      findings.stale.push(
        `${copy.where} holds ${copy.bodies.length} of ${truth?.bodies.length ?? 0} in ${copy.sessionId}`,
      );
  }
  return findings;
}

function outOfOrder(writes: readonly Write[], bodies: readonly string[]): string[] {
  const place = new Map(bodies.map((body, index) => [body, index]));
  const last = new Map<string, { index: number; body: string }>();
  const found: string[] = [];
  for (const { device, body } of writes) {
    const index = place.get(body);
    if (index === undefined) continue;
    const before = last.get(device);
    if (before && before.index > index) found.push(`${body} of ${device} stands before ${before.body}`);
    last.set(device, { index, body });
  }
  return found;
}

export const isClean = (findings: Findings) => Object.values(findings).every((list) => list.length === 0);
