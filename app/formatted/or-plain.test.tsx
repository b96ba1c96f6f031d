import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { OrPlain } from './or-plain.tsx';

function Message({ text }: { text: string }) {
  if (text.includes('bad')) throw new RangeError('Maximum call stack size exceeded');
  return <b>{text}</b>;
}

it('a message that cannot be shown is its plain text, and the rest of the conversation stands (invariant 11)', () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  // React tells the window as well, which happy-dom would print.
  const place = document.createElement('div');
  const root = createRoot(place);
  const show = (...texts: string[]) =>
    flushSync(() =>
      root.render(
        texts.map((text, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same message, edited
          <OrPlain key={index} text={text}>
            <Message text={text} />
          </OrPlain>
        )),
      ),
    );
  show('one', 'a bad one', 'three');
  expect(place.innerHTML).toMatch(/<b>one<\/b><span[^>]*>a bad one<\/span><b>three<\/b>/);
  const times = logged.mock.calls.length;
  show('one', 'a bad one', 'three');
  expect(logged.mock.calls.length).toBe(times);
  show('one', 'a mended one', 'three');
  expect(place.innerHTML).toBe('<b>one</b><b>a mended one</b><b>three</b>');
  logged.mockClear();
});
