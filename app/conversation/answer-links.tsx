import type { ReactNode } from 'react';

/**
 * Where an answer's links may lead: to ourselves, and to where sources are looked up. An answer may have been talked into
 * sending what it knows elsewhere, so any other address is text, for a person to read and decide about.
 */
const ALLOWED_HOSTS = [
  'doi.org',
  'arxiv.org',
  'pubmed.ncbi.nlm.nih.gov',
  'scholar.google.com',
  'www.jstor.org',
  'orcid.org',
  'wikipedia.org',
];

/** @param own this page's origin */
export function mayLeadTo(address: string, own: string): boolean {
  if (!URL.canParse(address, own)) return false;
  const { origin, protocol, hostname, username } = new URL(address, own);
  if (username !== '') return false;
  if (origin === own) return true;
  return (
    protocol === 'https:' && ALLOWED_HOSTS.some((host) => hostname === host || hostname.endsWith(`.${host}`))
  );
}

/** Opens on a tap and tells the other site nothing of us. */
export function AnswerLink(props: object) {
  // streamdown types what it hands over in two ways at once; these two are there.
  const { href, children: label } = props as { href?: string; children?: ReactNode };
  if (typeof href !== 'string' || href === '') return <span>{label}</span>;
  if (!mayLeadTo(href, window.location.origin)) {
    return (
      <span>
        {label}
        {String(label) !== href && <span className="text-soft"> ({href})</span>}
      </span>
    );
  }
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {label}
    </a>
  );
}

/** An answer must cause no request to anybody: a picture is named, not loaded. */
export function AnswerImage(props: object) {
  // As above.
  const { alt, src } = props as { alt?: string; src?: string };
  return <span className="text-soft">[{String(alt || src || '')}]</span>;
}
