import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { Dialog } from './dialog.tsx';

it('gives the keyboard back to what opened it', async () => {
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  const opener = document.body.appendChild(document.createElement('button'));
  const show = (open: boolean) =>
    flushSync(() =>
      root.render(
        <Dialog open={open} onOpenChange={() => {}} title="Rename" closeLabel="Close">
          <input />
        </Dialog>,
      ),
    );
  opener.focus();
  show(true);
  // Its code comes when it is first shown.
  await eventually(() => expect(document.querySelector('[role=dialog]')).toBeTruthy());
  await eventually(() => expect(document.activeElement).not.toBe(opener));
  show(false);
  await eventually(() => expect(document.activeElement).toBe(opener));
  root.unmount();
}, 15_000);
