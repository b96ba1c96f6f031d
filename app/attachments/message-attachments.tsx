import { useState } from 'react';
import { isPicture } from '../../protocol/attachments.ts';
import type { Attachment } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { later } from '../parts/later.tsx';
import { useChatClient } from '../sync/react.tsx';
import { toast } from '../ui/toast.ts';
import { fileSize } from './file-size.ts';
import { saveFile } from './save-file.ts';
import { useFileUrl } from './use-file-url.ts';

/** Opened rarely: it comes when it is. */
const FileIcon = later(async () => (await import('./file-icon.tsx')).FileIcon, {
  Place: () => <span className="h-6 w-6 flex-none" />,
});
const UploadProgress = later(async () => (await import('./upload-progress.tsx')).UploadProgress);
const Lightbox = later(async () => (await import('./lightbox.tsx')).Lightbox);

/** The files of a message: pictures to look at, everything else to take. */
export function MessageAttachments({ message }: { message: MessageRow }) {
  const [shown, setShown] = useState<number | null>(null);
  const pictures = message.attachments.filter(isPicture);
  const others = message.attachments.filter((file) => !isPicture(file));
  const isAlone = pictures.length === 1;
  return (
    <div className="my-1 grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1.5">
      {pictures.length > 0 && (
        <ul
          className={`grid gap-1 ${isAlone ? 'grid-cols-[minmax(0,1fr)]' : 'grid-cols-[repeat(2,minmax(0,150px))]'}`}
        >
          {pictures.map((file, index) => (
            <li key={file.id}>
              <Picture file={file} isAlone={isAlone} onOpen={() => setShown(index)} />
            </li>
          ))}
        </ul>
      )}
      {others.map((file) => (
        <FileCard key={file.id} file={file} />
      ))}
      {message.local && !message.forwarded && <UploadProgress message={message} />}
      {shown !== null && <Lightbox pictures={pictures} start={shown} onClose={() => setShown(null)} />}
    </div>
  );
}

const WIDEST_PX = 320;
const TALLEST_PX = 360;

function Picture({ file, isAlone, onOpen }: { file: Attachment; isAlone: boolean; onOpen(): void }) {
  const small = useFileUrl(file.id, 'thumbnail');
  const { width, height } = isAlone ? fitted(file) : { width: 150, height: 150 };
  return (
    <button
      type="button"
      aria-label={en.files.open(file.name)}
      onClick={onOpen}
      // Its room is known before its bytes are here: nothing jumps.
      style={{ width, aspectRatio: `${width} / ${height}` }}
      className="relative block max-w-full overflow-hidden rounded-xl bg-ink/10"
    >
      {file.preview && (
        <img
          src={file.preview}
          alt=""
          className="absolute inset-0 h-full w-full scale-110 object-cover blur-md"
        />
      )}
      {small.kind === 'here' && (
        <img
          src={small.url}
          alt={en.files.picture(file.name)}
          className="absolute inset-0 h-full w-full object-cover"
        />
      )}
    </button>
  );
}

function fitted({ width, height }: Attachment): { width: number; height: number } {
  const [w, h] = [width ?? WIDEST_PX, height ?? TALLEST_PX];
  const scale = Math.min(1, WIDEST_PX / w, TALLEST_PX / h);
  return { width: Math.max(80, Math.round(w * scale)), height: Math.max(60, Math.round(h * scale)) };
}

function FileCard({ file }: { file: Attachment }) {
  const { files } = useChatClient();
  const size = fileSize(file.bytes);
  const save = () => void saveFile(files, file).catch(() => toast.error(en.files.offline));
  return (
    <button
      type="button"
      aria-label={en.files.save(file.name, size)}
      onClick={save}
      className="flex min-h-11 max-w-72 items-center gap-3 rounded-xl bg-ink/8 px-3 py-2 text-start"
    >
      <FileIcon name={file.name} mimeType={file.mimeType} />
      <span className="min-w-0">
        <span className="block truncate font-medium" dir="auto">
          {file.name}
        </span>
        <span className="tabular block text-xs opacity-80">{size}</span>
      </span>
    </button>
  );
}
