import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { en } from '../messages/en.ts';
import { IconButton } from '../ui/button.tsx';
import { FileIcon } from './file-icon.tsx';
import { fileSize } from './file-size.ts';
import type { Choice, ChosenFiles } from './use-chosen-files.ts';

/** What stands above the text and goes with it. */
export function ChosenFileStrip({ chosen }: { chosen: ChosenFiles }) {
  return (
    <div className="mb-1">
      {chosen.problem && (
        <p role="alert" className="mb-1 text-sm text-danger">
          {chosen.problem}
        </p>
      )}
      <ul aria-label={en.files.chosen} className="flex gap-2 overflow-x-auto pb-1">
        {chosen.choices.map((choice) => (
          <Chosen key={choice.file.id} choice={choice} chosen={chosen} />
        ))}
        {chosen.isPreparing && (
          <li className="grid h-20 place-content-center px-3 text-sm text-soft">{en.files.preparing}</li>
        )}
      </ul>
    </div>
  );
}

function Chosen({ choice, chosen }: { choice: Choice; chosen: ChosenFiles }) {
  const { file, isOriginal } = choice;
  return (
    <li className="relative flex h-20 flex-none overflow-hidden rounded-control border border-line bg-surface">
      {file.width === null ? (
        <span className="flex max-w-56 items-center gap-2 ps-3 pe-11 text-sm">
          <FileIcon name={file.name} mimeType={file.type} />
          <span className="min-w-0">
            <span className="block truncate">{file.name}</span>
            <span className="tabular text-xs text-faint">{fileSize(file.content.size)}</span>
          </span>
        </span>
      ) : (
        <>
          <LocalPicture content={file.content} name={file.name} />
          <label
            className="absolute inset-x-0 bottom-0 flex min-h-7 cursor-pointer items-center gap-1 bg-surface/90 px-1.5 text-xs"
            title={en.files.originalHint}
          >
            <input type="checkbox" checked={isOriginal} onChange={() => chosen.toggleOriginal(file.id)} />
            {en.files.original}
            <span className="tabular ms-auto text-faint">{fileSize(file.content.size)}</span>
          </label>
        </>
      )}
      <IconButton
        label={en.files.remove(file.name)}
        className="absolute end-0.5 top-0.5 h-8 w-8 rounded-full bg-surface/85 wide:h-7 wide:w-7"
        onClick={() => chosen.remove(file.id)}
      >
        <X />
      </IconButton>
    </li>
  );
}

function LocalPicture({ content, name }: { content: Blob; name: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(content);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content]);
  return <img src={url} alt={en.files.picture(name)} className="h-20 w-32 object-cover" />;
}
