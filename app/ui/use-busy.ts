import { useState } from 'react';

/** Runs what a button does, and says whether it is under way: the button is to be disabled meanwhile. */
export function useBusy(): [isBusy: boolean, run: (act: () => Promise<void>) => Promise<void>] {
  const [isBusy, setBusy] = useState(false);
  const run = async (act: () => Promise<void>) => {
    setBusy(true);
    try {
      await act();
    } finally {
      setBusy(false);
    }
  };
  return [isBusy, run];
}
