import { describe, expect, it } from 'vitest';
import { mayLeadTo } from './answer-links.tsx';

const own = 'https://chat.example.org';

describe('a link in an answer', () => {
  it.each([
    '/chat/settings',
    'https://chat.example.org/join/x',
    'https://doi.org/10.1000/182',
    'https://en.wikipedia.org/wiki/Sample_size',
  ])('leads to %s', (address) => expect(mayLeadTo(address, own)).toBe(true));

  it.each([
    'https://evil.example/?q=secret',
    '//evil.example/x',
    'http://doi.org/10.1000/182',
    'https://doi.org.evil.example/',
    'https://notdoi.org/',
    'https://doi.org@evil.example/',
    'https://someone@doi.org/',
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'https://chat.example.org.evil.example/',
    'http://',
  ])('does not lead to %s', (address) => expect(mayLeadTo(address, own)).toBe(false));
});
