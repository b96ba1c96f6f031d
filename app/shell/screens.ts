import type { ComponentType } from 'react';

/** What a page needs of a route to go there. */
interface Screen {
  default: ComponentType;
  ErrorBoundary?: ComponentType;
}

const kept: Record<string, Screen> = {};

/** Tells, before this page is made, what is shown at routes that one goes to from here; by Remix's ids of them. */
export function keepScreens(screens: Record<string, Screen>): void {
  Object.assign(kept, screens);
}

/**
 * Hands them to Remix, which then asks nobody for them. Where it asked in vain it would load the page anew: into the
 * browser's own page for a network that is away.
 */
export function handOverScreens(): void {
  for (const [id, screen] of Object.entries(kept)) window.__remixRouteModules[id] ??= screen;
}
