import { calm, type Weather } from './chaos-proxy.ts';
import type { Random } from './random.ts';

/** Kinds of bad network that people know, with their names in a schedule's story. */
const kinds: Record<string, Partial<Weather>> = {
  calm: {},
  'a third is lost': { dropRequest: 0.3, dropResponse: 0.3, cutStream: 0.3 },
  'answers alone are lost': { dropResponse: 0.9 },
  'half-open towards us': { hang: 0.8, stallStream: 0.8 },
  'half-open away from us': { swallow: 0.8 },
  'captive portal': { impostor: 1 },
  'tired gateway': { impostor: 0.4, truncate: 0.2 },
  '50 kbit/s, byte by byte': { bytesPerSecond: 6_250, dribble: 1, latencyMs: 400 },
  'a proxy that hoards': { hoard: 1 },
  'repeats and overtakes': { duplicate: 0.7, overtake: 0.6 },
};

export function randomWeather(random: Random): { name: string; weather: Weather } {
  const names = ['mixed', 'mixed', ...Object.keys(kinds)] as [string, ...string[]];
  const name = random.pick(names);
  return { name, weather: { ...calm, ...(kinds[name] ?? mixed(random)) } };
}

function mixed(random: Random): Partial<Weather> {
  const some = (most: number) => (random.chance(0.4) ? random.next() * most : 0);
  return {
    dropRequest: some(0.4),
    dropResponse: some(0.5),
    truncate: some(0.3),
    duplicate: some(0.5),
    overtake: some(0.4),
    cutStream: some(0.8),
    stallStream: some(0.3),
    impostor: some(0.5),
    latencyMs: random.chance(0.3) ? random.between(1, 60) : 0,
    dribble: some(0.5),
    hang: some(0.25),
    swallow: some(0.25),
    hoard: some(0.2),
    bytesPerSecond: random.chance(0.15) ? 6_250 : 0,
  };
}
