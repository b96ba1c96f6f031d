import { useEffect, useState } from 'react';
import { en } from '../messages/en.ts';
import { keepStorage } from '../shell/keep-storage.ts';

/** What is kept on this device, and whether the browser may take it away. */
export function StorageSection({ heading }: { heading: string }) {
  const [kept, setKept] = useState<Awaited<ReturnType<typeof keepStorage>>>(null);
  useEffect(() => {
    void keepStorage().then(setKept);
  }, []);
  if (!kept) return null;
  return (
    <>
      <h2 className={heading}>{en.storage.title}</h2>
      {kept.bytes !== null && <p className="text-sm">{en.storage.used(sizeOf(kept.bytes))}</p>}
      <p className="text-sm text-soft">{kept.persisted ? en.storage.persisted : en.storage.mayGo}</p>
    </>
  );
}

const megabytes = new Intl.NumberFormat('en-GB', {
  style: 'unit',
  unit: 'megabyte',
  maximumFractionDigits: 1,
});
const sizeOf = (bytes: number) => megabytes.format(bytes / 1_000_000);
