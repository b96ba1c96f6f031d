import { useState } from 'react';
import { shortWhen } from '../inbox/when.ts';
import { en } from '../messages/en.ts';
import { useAsked } from '../sync/use-asked.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { toast } from '../ui/toast.ts';
import { useBusy } from '../ui/use-busy.ts';
import { listDevices, type SignedInDevice, signOutDevice } from './auth-sessions.ts';

/** Where this account is signed in, and how to end it there. Asked of the server each time. */
export function DevicesSection() {
  const [devices, setDevices] = useState<SignedInDevice[] | 'unknown' | null>(null);
  const [isBusy, run] = useBusy();
  const askAgain = useAsked(listDevices, setDevices, () => setDevices('unknown'));

  async function end(device: SignedInDevice) {
    try {
      await signOutDevice(device);
      toast.success(en.account.signedOutThere);
    } catch {
      toast.error(en.errors.generic);
    }
    askAgain();
  }

  return (
    <Section title={en.account.devices}>
      {devices === 'unknown' && <p className="text-sm text-soft">{en.account.devicesOffline}</p>}
      {Array.isArray(devices) && (
        <ul className="grid gap-2">
          {devices.map((device) => (
            <li key={device.id} className="flex min-h-11 items-center gap-3">
              <span className="min-w-0 flex-1">
                {device.description ?? en.account.unknownDevice}
                <span className="tabular block text-xs text-faint">
                  {device.isThisOne ? en.account.thisDevice : en.account.since(shortWhen(device.since))}
                </span>
              </span>
              {!device.isThisOne && (
                <Button
                  look="quiet"
                  className="px-2 text-sm"
                  disabled={isBusy}
                  onClick={() => void run(() => end(device))}
                >
                  {en.settings.signOut}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
