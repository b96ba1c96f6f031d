import {
  File,
  FileArchive,
  FileAudio,
  FileCode,
  FileSpreadsheet,
  FileText,
  FileVideo,
  Image,
} from 'lucide-react';

const kinds: readonly [RegExp, typeof File][] = [
  [/^image\//, Image],
  [/^audio\//, FileAudio],
  [/^video\//, FileVideo],
  [/spreadsheet|excel|csv/, FileSpreadsheet],
  [/zip|compressed|tar|7z|rar/, FileArchive],
  [/\.(js|ts|tsx|py|java|c|cpp|h|cs|go|rs|html|css|json|sql|ipynb|r|php)$/i, FileCode],
  [/^text\/|pdf|word|document|presentation/, FileText],
];

/** What kind of file it is, at a glance. */
export function FileIcon({ name, mimeType }: { name: string; mimeType: string }) {
  const Kind = kinds.find(([pattern]) => pattern.test(mimeType) || pattern.test(name))?.[1] ?? File;
  return <Kind className="h-6 w-6 flex-none opacity-80" aria-hidden="true" />;
}
