import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LISTEN_MS } from './plain-chat-domain.ts';

const sample = (name: string) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');

const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** nginx waits a minute for the next byte unless told otherwise. */
const NGINX_READS_MS = 60_000;

/** How long nginx waits for an answer to `path`: by the exact location, or else by the first expression that fits. */
function nginxWaitsMs(path: string): number {
  const locations = [...sample('nginx.conf').matchAll(/location (=|~) (\S+) \{([^}]*)\}/g)];
  const found =
    locations.find(([, kind, of]) => kind === '=' && of === path) ??
    locations.find(([, kind, of = '']) => kind === '~' && new RegExp(of).test(path));
  const [, count, unit = 's'] = /proxy_read_timeout (\d+)([smhd]?);/.exec(found?.[3] ?? '') ?? [];
  return count === undefined ? NGINX_READS_MS : Number(count) * seconds[(unit || 's') as 's'] * 1_000;
}

it('waits in nginx for the answer that a script asked for as long as it may take to come', () => {
  expect(nginxWaitsMs('/api/chat')).toBeGreaterThanOrEqual(LISTEN_MS);
  expect(nginxWaitsMs('/trpc/events.subscribe')).toBeGreaterThanOrEqual(24 * 3_600_000);
});

it('waits in Caddy for as long as it takes', () => {
  expect(sample('Caddyfile')).toMatch(/transport http \{[^}]*read_timeout 0\n/);
});
