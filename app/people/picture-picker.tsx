import { type ChangeEvent, type ComponentProps, useRef, useState } from 'react';
import type { NewPicture } from '../../protocol/picture.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { Button } from '../ui/button.tsx';
import { Portrait } from './portrait.tsx';
import { squareOf } from './square-of.ts';

/** Shows whose picture it is, and lets another one be chosen or this one be taken away. */
export function PicturePicker({
  label,
  onChange,
  ...shown
}: ComponentProps<typeof Portrait> & { label: string; onChange(picture: NewPicture | null): Promise<void> }) {
  const { files } = useChatClient();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function take(event: ChangeEvent<HTMLInputElement>) {
    const [file] = event.target.files ?? [];
    // The same file may be chosen again.
    event.target.value = '';
    if (!file) return;
    setProblem(null);
    const square = await squareOf(file).catch(() => null);
    if (!square) return setProblem(en.picture.unreadable);
    await change(await files.pictures.choose(square));
  }

  async function change(picture: NewPicture | null) {
    await onChange(picture).catch(() => setProblem(en.picture.notStored));
  }

  return (
    <fieldset className="flex items-center gap-4">
      <legend className="sr-only">{label}</legend>
      <Portrait {...shown} size={72} />
      <div className="grid min-w-0 gap-2">
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          onChange={(event) => void take(event)}
          data-testid="picture-picker"
        />
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => input.current?.click()}>
            {shown.picture ? en.picture.change : en.picture.choose}
          </Button>
          {shown.picture && (
            <Button look="quiet" onClick={() => void change(null)}>
              {en.picture.remove}
            </Button>
          )}
        </div>
        {problem && (
          <p role="alert" className="text-sm text-danger">
            {problem}
          </p>
        )}
      </div>
    </fieldset>
  );
}
