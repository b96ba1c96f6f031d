import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { HubObserver, HubStats } from '../realtime/hub-stats.ts';

/** How long the frames of one turn of the event loop take to be handed to all sockets, and how many leave together. */
export function countFanOut(registry: Registry): HubObserver {
  const times = new Histogram({
    name: 'chat_fan_out_seconds',
    help: 'Handing the frames of one turn of the event loop to every stream they go to',
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
    registers: [registry],
  });
  const frames = new Histogram({
    name: 'chat_fan_out_frames',
    help: 'Frames that left together',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 512],
    registers: [registry],
  });
  return {
    fannedOut(count, seconds) {
      frames.observe(count);
      times.observe(seconds);
    },
  };
}

const counts: { name: string; help: string; stat: keyof HubStats }[] = [
  { name: 'chat_deliveries_total', help: 'Frames handed to streams', stat: 'deliveries' },
  { name: 'chat_stream_writes_total', help: 'Writes they left in', stat: 'writes' },
  { name: 'chat_stream_bytes_total', help: 'Bytes handed to streams', stat: 'bytes' },
  { name: 'chat_serialisations_total', help: 'Events made into frames', stat: 'serialisations' },
  {
    name: 'chat_answer_frames_total',
    help: 'Frames that carried more text of an answer',
    stat: 'answerFrames',
  },
  { name: 'chat_answer_bytes_total', help: 'Bytes of those frames, counted once', stat: 'answerBytes' },
  {
    name: 'chat_slow_reader_closes_total',
    help: 'Streams closed because their reader was too slow',
    stat: 'slowReaderCloses',
  },
  {
    name: 'chat_resumed_from_memory_total',
    help: 'Streams that came back and were told from memory',
    stat: 'resumedFromMemory',
  },
];

/** The hub counts for itself; a scrape copies. */
export function followHub(registry: Registry, hub: { readonly stats: HubStats }): void {
  new Gauge({
    name: 'chat_streams',
    help: 'Event streams that are open',
    registers: [registry],
    collect() {
      this.set(hub.stats.streams);
    },
  });
  for (const { name, help, stat } of counts) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(hub.stats[stat]);
      },
    });
  }
}
