import { markdown } from '../device/p10-markdown.ts';
import { shell } from '../device/p11-shell.ts';
import { screen } from '../device/p12-screen.ts';
import { copy } from '../device/p14-copy.ts';
import { nodeDeath } from '../nodes/node-death.ts';
import { secondNode } from '../nodes/second-node.ts';
import type { Metric } from '../row.ts';
import { fanOut } from './p01-fan-out.ts';
import { latency } from './p03-latency.ts';
import { memory } from './p04-memory.ts';
import { reconnectStorm } from './p05-reconnect-storm.ts';
import { sends } from './p06-sends.ts';
import { catchUp } from './p07-catch-up.ts';
import { answers } from './p08-answers.ts';
import { bytes } from './p13-bytes.ts';

/** In the order of the table. Each is measured by itself, so that a run can be taken up where it was left. */
export const metrics: Metric[] = [
  fanOut,
  latency,
  memory,
  reconnectStorm,
  sends,
  catchUp,
  answers,
  markdown,
  shell,
  screen,
  bytes,
  copy,
  secondNode,
  nodeDeath,
];
