import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { en } from '../messages/en.ts';

/** Takes files that are dropped anywhere on what it holds. */
export function DropZone({
  label,
  onFiles,
  className,
  children,
}: {
  label: string;
  onFiles(files: Iterable<File>): void;
  className: string;
  children: ReactNode;
}) {
  const [isOver, setOver] = useState(false);
  // Entering a child leaves its parent: only the balance tells.
  const depth = useRef(0);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  function move(event: DragEvent, by: number) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  }
  return (
    <section
      aria-label={label}
      className={`relative ${className}`}
      onDragEnter={(event) => move(event, 1)}
      onDragLeave={(event) => move(event, -1)}
      onDragOver={(event) => hasFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
      {isOver && (
        <div className="pointer-events-none absolute inset-2 z-30 grid place-content-center rounded-2xl border-2 border-dashed border-indigo bg-paper/85 font-semibold text-indigo-text">
          {en.files.dropHere}
        </div>
      )}
    </section>
  );
}
