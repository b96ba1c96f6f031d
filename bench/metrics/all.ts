import type { Metric } from '../row.ts';
import { fanOut } from './p01-fan-out.ts';

/** In the order of the table. Each is measured by itself, so that a run can be taken up where it was left. */
export const metrics: Metric[] = [fanOut];
