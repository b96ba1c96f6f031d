import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export interface MetricSources {
  hub: { stats: { streams: number; deliveries: number; serialisations: number; slowReaderCloses: number } };
  log: { stats: { queued: number; batches: number; sends: number; marks: number; changes: number } };
}

/** What /metrics tells: counts that the hub and the log keep anyway, read when somebody asks. */
export function createMetrics({ hub, log }: MetricSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  gauge('jstar_streams', 'Open event streams', () => hub.stats.streams);
  counter('jstar_deliveries_total', 'Frames handed to streams', () => hub.stats.deliveries);
  counter(
    'jstar_serialisations_total',
    'Frames made, each for any number of streams',
    () => hub.stats.serialisations,
  );
  counter(
    'jstar_slow_reader_closes_total',
    'Streams closed for reading too slowly',
    () => hub.stats.slowReaderCloses,
  );
  gauge('jstar_log_queue', 'Writes waiting for the log', () => log.stats.queued);
  counter('jstar_log_commits_total', 'Commits of the log', () => log.stats.batches);
  counter('jstar_log_sends_total', 'Messages appended or recognised', () => log.stats.sends);
  counter('jstar_log_marks_total', 'Receipt marks taken', () => log.stats.marks);
  counter('jstar_log_changes_total', 'Other changes', () => log.stats.changes);
  return registry;
}
