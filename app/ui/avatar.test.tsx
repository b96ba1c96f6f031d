import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Avatar } from './avatar.tsx';

it('shows of a name the letters that tell it from others: of a guest the animal, and no numbers', () => {
  const shown = (name: string) =>
    renderToStaticMarkup(<Avatar name={name} colourKey={name} />).replace(/<[^>]*>/g, '');
  expect(['Ada Nwosu', 'Ben', 'Guest Panda 23', 'Reading circle of 2026', 'Guest', '42'].map(shown)).toEqual([
    'AN',
    'BE',
    'PA',
    'RO',
    'GU',
    '42',
  ]);
});
