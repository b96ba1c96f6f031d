import type { SessionMine } from '../../protocol/shapes.ts';

export const isMuted = (mine: SessionMine, now = Date.now()): boolean =>
  mine.mutedUntil !== null && Date.parse(mine.mutedUntil) > now;
