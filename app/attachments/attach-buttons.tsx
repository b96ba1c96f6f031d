import { Camera, Paperclip } from 'lucide-react';
import { type ChangeEvent, useRef } from 'react';
import { en } from '../messages/en.ts';
import { IconButton } from '../ui/button.tsx';

/** Picks files; on a phone also takes a photo. */
export function AttachButtons({ onFiles }: { onFiles(files: Iterable<File>): void }) {
  const picker = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  function take(event: ChangeEvent<HTMLInputElement>) {
    onFiles([...(event.target.files ?? [])]);
    // The same file may be chosen again.
    event.target.value = '';
  }
  return (
    <>
      <input ref={picker} type="file" multiple hidden onChange={take} data-testid="file-picker" />
      <input ref={camera} type="file" accept="image/*" capture="environment" hidden onChange={take} />
      <IconButton label={en.files.attach} className="rounded-full" onClick={() => picker.current?.click()}>
        <Paperclip />
      </IconButton>
      <IconButton
        label={en.files.camera}
        className="hidden rounded-full pointer-coarse:grid"
        onClick={() => camera.current?.click()}
      >
        <Camera />
      </IconButton>
    </>
  );
}
