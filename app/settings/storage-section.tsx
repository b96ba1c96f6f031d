import { useEffect, useState } from 'react';
import { en } from '../messages/en.ts';
import { keepStorage } from '../shell/keep-storage.ts';
import { useChatClient } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { clearDevice } from './leave-device.ts';

/** What is kept on this device, and whether the browser may take it away. */
export function StorageSection() {
  const client = useChatClient();
  const [kept, setKept] = useState<Awaited<ReturnType<typeof keepStorage>>>(null);
  useEffect(() => {
    void keepStorage().then(setKept);
  }, []);
  if (!kept) return null;
  return (
    <Section title={en.storage.title}>
      {kept.bytes !== null && <p className="text-sm">{en.storage.used(sizeOf(kept.bytes))}</p>}
      <p className="text-sm text-soft">{kept.persisted ? en.storage.persisted : en.storage.mayGo}</p>
      <Button className="mt-3" onClick={() => void clearDevice(client)}>
        {en.storage.clear}
      </Button>
    </Section>
  );
}

const megabytes = new Intl.NumberFormat('en-GB', {
  style: 'unit',
  unit: 'megabyte',
  maximumFractionDigits: 1,
});
const sizeOf = (bytes: number) => megabytes.format(bytes / 1_000_000);
