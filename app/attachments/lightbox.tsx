import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, useState } from 'react';
import type { Attachment } from '../../protocol/shapes.ts';
import { en } from '../messages/en.ts';
import { useChatClient, useStore } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';
import { toast } from '../ui/toast.ts';
import { saveFile } from './save-file.ts';
import { useFileUrl } from './use-file-url.ts';
import { usePinch } from './use-pinch.ts';

/** Pictures at full size: arrows lead on, Escape closes, two fingers or the wheel bring nearer. */
export function Lightbox({
  pictures,
  start,
  onClose,
}: {
  pictures: readonly Attachment[];
  start: number;
  onClose(): void;
}) {
  const { files } = useChatClient();
  const [index, setIndex] = useState(start);
  const file = pictures[index];
  if (!file) return null;
  const turn = (by: number) => setIndex((now) => Math.min(pictures.length - 1, Math.max(0, now + by)));
  function onKeyDown(event: KeyboardEvent) {
    const forward = document.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') turn(event.key === forward ? 1 : -1);
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-veil/97" />
        <Dialog.Content
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          className="fixed inset-0 z-50 flex flex-col text-veil-ink outline-none [&_button]:text-veil-ink"
        >
          <div className="flex items-center gap-2 p-2 pt-[max(8px,env(safe-area-inset-top))]">
            <Dialog.Title className="min-w-0 flex-1 truncate px-2 text-sm" dir="auto">
              {file.name}
              {pictures.length > 1 && (
                <span className="tabular opacity-70">{` · ${index + 1}/${pictures.length}`}</span>
              )}
            </Dialog.Title>
            <IconButton
              label={en.files.download}
              onClick={() => void saveFile(files, file).catch(() => toast.error(en.files.offline))}
            >
              <Download />
            </IconButton>
            <IconButton label={en.close} onClick={onClose}>
              <X />
            </IconButton>
          </div>
          <Whole key={file.id} file={file} />
          {pictures.length > 1 && (
            <>
              <IconButton
                label={en.files.previous}
                disabled={index === 0}
                onClick={() => turn(-1)}
                className="absolute start-2 top-1/2 bg-veil/40"
              >
                <ChevronLeft className="rtl:rotate-180" />
              </IconButton>
              <IconButton
                label={en.files.next}
                disabled={index === pictures.length - 1}
                onClick={() => turn(1)}
                className="absolute end-2 top-1/2 bg-veil/40"
              >
                <ChevronRight className="rtl:rotate-180" />
              </IconButton>
            </>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Whole({ file }: { file: Attachment }) {
  const { connection } = useChatClient();
  const isLive = useStore(connection).kind === 'live';
  const whole = useFileUrl(file.id, 'whole');
  const small = useFileUrl(file.id, 'thumbnail');
  const { transform, handlers } = usePinch();
  const shown = whole.kind === 'here' ? whole.url : small.kind === 'here' ? small.url : file.preview;
  return (
    <div {...handlers} className="relative grid min-h-0 flex-1 touch-none place-items-center overflow-hidden">
      {shown && (
        <img
          src={shown}
          alt={en.files.picture(file.name)}
          draggable={false}
          style={{ transform }}
          className={`max-h-full max-w-full object-contain ${whole.kind === 'here' ? '' : 'h-full w-full blur-sm'}`}
        />
      )}
      {whole.kind === 'away' && !isLive && (
        <p role="status" className="absolute bottom-6 rounded-control bg-veil/70 px-3 py-2 text-sm">
          {en.files.offline}
        </p>
      )}
    </div>
  );
}
