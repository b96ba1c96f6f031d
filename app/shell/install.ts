import { Store } from '../sync/store.ts';

/** Chromium's own event, which TypeScript does not know. */
interface InstallPrompt extends Event {
  prompt(): Promise<void>;
  readonly userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/**
 * How this browser can put the app on the home screen: by a button of ours, by hand (Safari on iOS has no other way),
 * or not at all (it is there already, or the browser cannot).
 */
export type Installing =
  | { kind: 'button'; install(): Promise<boolean> }
  | { kind: 'by-hand' }
  | { kind: 'none' };

export const installing = new Store<Installing>({ kind: 'none' });

/** Called once a page, early: the browser offers its prompt before anything else runs. */
export function watchForInstall(): void {
  if (isInstalled()) return;
  if (isIos()) installing.set({ kind: 'by-hand' });
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    const offered = event as InstallPrompt; // see above
    installing.set({
      kind: 'button',
      async install() {
        await offered.prompt();
        const { outcome } = await offered.userChoice;
        installing.set({ kind: 'none' });
        return outcome === 'accepted';
      },
    });
  });
  window.addEventListener('appinstalled', () => installing.set({ kind: 'none' }));
}

function isInstalled(): boolean {
  const isApple = 'standalone' in navigator && navigator.standalone === true;
  return isApple || window.matchMedia('(display-mode: standalone), (display-mode: minimal-ui)').matches;
}

function isIos(): boolean {
  const isTablet = /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
  return isTablet || /iPhone|iPad|iPod/.test(navigator.userAgent);
}
