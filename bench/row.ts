/** One measured value: the median of its rounds, with the lowest and highest of them. */
export interface Figure {
  value: number;
  low: number;
  high: number;
  rounds: number;
}

export interface Target {
  /** Name of the peer whose figure is the measure; null: the value itself is judged. */
  against: string | null;
  is: 'at least' | 'at most' | 'exactly';
  factor: number;
}

/** One line of the table: our figure, the peers' from the same interleaved run, and what was promised. */
export interface Row {
  /** `P1` … `P14` of design/performance.md, `N1` … of several nodes. */
  metric: string;
  /** What was measured, with its size: "fan-out to 1,000 streams, one event at a time". */
  name: string;
  unit: string;
  ours: Figure;
  peers: { name: string; figure: Figure }[];
  targets: Target[];
  /** What a reader must know to judge the line. */
  notes?: string[];
}

export interface MetricOptions {
  /** Fewer rounds and smaller sizes: all metrics within two minutes. */
  quick: boolean;
  /** Tells what is under way. */
  progress(text: string): void;
}

export interface Metric {
  id: string;
  title: string;
  run(options: MetricOptions): Promise<Row[]>;
}

/** A count, or anything else that needs no rounds. */
export function exact(value: number): Figure {
  return { value, low: value, high: value, rounds: 1 };
}

/** The median of some rounds. */
export function figureOf(values: readonly number[]): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const value = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
  return { value, low: sorted[0] ?? value, high: sorted.at(-1) ?? value, rounds: sorted.length };
}

export interface Verdict {
  target: Target;
  /** Ours ÷ the peer's, or ours. */
  ratio: number;
  isMet: boolean;
}

export function judge(row: Row): Verdict[] {
  return row.targets.map((target) => {
    const peer = row.peers.find(({ name }) => name === target.against);
    if (target.against !== null && !peer)
      throw new Error(`${row.metric} "${row.name}" has no peer named ${target.against}`);
    const ratio = peer ? row.ours.value / peer.figure.value : row.ours.value;
    const isMet =
      target.is === 'exactly'
        ? ratio === target.factor
        : target.is === 'at least'
          ? ratio >= target.factor
          : ratio <= target.factor;
    return { target, ratio, isMet };
  });
}
