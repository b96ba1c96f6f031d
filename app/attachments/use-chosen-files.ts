import { useCallback, useRef, useState } from 'react';
import { plainName } from '../../protocol/attachments.ts';
import { newAttachmentId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { en } from '../messages/en.ts';
import type { ChosenFile } from '../sync/files.ts';
import { fileSize } from './file-size.ts';
import { preparePicture } from './prepare-picture.ts';

export interface Choice {
  file: ChosenFile;
  /** A picture can be sent as it is. */
  isOriginal: boolean;
  source: File;
}

export interface ChosenFiles {
  choices: readonly Choice[];
  /** Why a file was not taken, in a sentence. */
  problem: string | null;
  isPreparing: boolean;
  /** There is something to show: a file, or why there is none. */
  isAny: boolean;
  add(files: Iterable<File>): void;
  remove(id: string): void;
  toggleOriginal(id: string): void;
  clear(): void;
}

/** Files that stand in the composer. Each is checked and made smaller as it is chosen, so that sending waits for nothing. */
export function useChosenFiles(): ChosenFiles {
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [underWay, setUnderWay] = useState(0);
  const count = useRef(0);
  count.current = choices.length + underWay;

  const add = useCallback((files: Iterable<File>) => {
    const given = [...files];
    if (given.length === 0) return;
    const room = limits.attachmentsPerMessage - count.current;
    setProblem(given.length > room ? en.files.tooMany(limits.attachmentsPerMessage) : null);
    const taken = given.slice(0, Math.max(0, room));
    setUnderWay((now) => now + taken.length);
    void (async () => {
      for (const source of taken) {
        try {
          const file = await choose(source, false);
          setChoices((now) => [...now, { file, isOriginal: false, source }]);
        } catch (error) {
          setProblem(error instanceof NotTaken ? error.message : en.files.notAPicture(source.name));
        } finally {
          setUnderWay((now) => now - 1);
        }
      }
    })();
  }, []);

  const toggleOriginal = useCallback(
    (id: string) => {
      const choice = choices.find((one) => one.file.id === id);
      if (!choice) return;
      const isOriginal = !choice.isOriginal;
      choose(choice.source, isOriginal).then(
        (file) =>
          setChoices((now) =>
            now.map((one) =>
              one === choice ? { ...one, isOriginal, file: { ...file, id: one.file.id } } : one,
            ),
          ),
        (error) =>
          setProblem(error instanceof NotTaken ? error.message : en.files.notAPicture(choice.source.name)),
      );
    },
    [choices],
  );

  return {
    choices,
    problem,
    isPreparing: underWay > 0,
    isAny: choices.length > 0 || underWay > 0 || problem !== null,
    add,
    toggleOriginal,
    remove: useCallback((id) => setChoices((now) => now.filter((one) => one.file.id !== id)), []),
    clear: useCallback(() => {
      setChoices([]);
      setProblem(null);
    }, []),
  };
}

class NotTaken extends Error {}

const isPicture = ({ type }: File) => type.startsWith('image/') && !type.startsWith('image/svg');

async function choose(source: File, original: boolean): Promise<ChosenFile> {
  const name = plainName(source.name) || 'file';
  if (source.size === 0) throw new NotTaken(en.files.empty(name));
  const picture = isPicture(source) ? await preparePicture(source, { original }) : null;
  const content = picture?.content ?? source;
  if (content.size > limits.attachmentBytes)
    throw new NotTaken(en.files.tooLarge(name, fileSize(limits.attachmentBytes)));
  return {
    id: newAttachmentId(),
    name: picture ? nameFor(name, picture.type) : name,
    type: picture?.type ?? source.type,
    content,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    preview: picture?.preview ?? null,
  };
}

/** Its ending says what it became. */
function nameFor(name: string, type: string): string {
  const ending = type === 'image/webp' ? '.webp' : type === 'image/jpeg' ? '.jpg' : null;
  if (ending === null || (ending === '.jpg' && /\.jpe?g$/i.test(name))) return name;
  return name.replace(/(\.[a-z0-9]{1,5})?$/i, ending);
}
