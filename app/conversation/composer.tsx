import { ArrowUp, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { type MessageId, newMessageId, type SessionId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { Input } from '../../protocol/procedures.ts';
import type { Member } from '../../protocol/shapes.ts';
import { isBlank, storable } from '../../protocol/text.ts';
import { AttachButtons } from '../attachments/attach-buttons.tsx';
import { useChosenFiles } from '../attachments/use-chosen-files.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { NotStored } from '../outbox/not-stored.ts';
import { later } from '../parts/later.tsx';
import { useChatClient } from '../sync/react.tsx';
import { IconButton } from '../ui/button.tsx';
import { formatByKey } from './formatting-keys.ts';
import { QuickActions } from './quick-actions.tsx';
import { useComposedText } from './use-composed-text.ts';
import { useFittingHeight } from './use-fitting-height.ts';
import { useMentions } from './use-mentions.ts';
import type { Storing } from './use-unstored.ts';

/** What the composer is doing beside writing something new. */
export type Intent =
  | { kind: 'write' }
  | { kind: 'reply'; to: MessageRow; name: string }
  | { kind: 'edit'; message: MessageRow };

const LINES = 8;

const MentionList = later(async () => (await import('./mention-list.tsx')).MentionList);
const EditKeeper = later(async () => (await import('./edit-keeper.tsx')).EditKeeper);
const ChosenFileStrip = later(async () => (await import('../attachments/chosen-files.tsx')).ChosenFileStrip);

/** Never disabled, never loses a character: the text goes only once the message is stored on this device. */
export function Composer({
  sessionId,
  name,
  branch = null,
  isAlone = false,
  intent,
  members,
  threadRoot = null,
  onIntent,
  onStoring,
  onSent,
  onEditLast,
  takeFiles,
  quickActions = false,
}: {
  sessionId: SessionId;
  name: string;
  /** The version of a question in whose tail this is written. */
  branch?: MessageId | null;
  /** With Agent Jay: an edited question is asked anew, beside the old one. */
  isAlone?: boolean;
  intent: Intent;
  /** Who can be spoken to by name. */
  members: readonly Member[];
  /** What is written here answers this message, and has a draft of its own. */
  threadRoot?: MessageId | null;
  onIntent(intent: Intent): void;
  /** Shows a message while it is being stored. */
  onStoring(message: Input<'message.send'>): Storing;
  onSent(): void;
  onEditLast(): void;
  /** Handed what takes files that are dropped elsewhere. */
  takeFiles?(add: (files: Iterable<File>) => void): void;
  /** Offered where Agent Jay is who one writes to. */
  quickActions?: boolean;
}) {
  const client = useChatClient();
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const composed = useComposedText(
    { sessionId, threadRoot },
    intent.kind === 'edit' ? intent.message : null,
    field,
  );
  const { text } = composed;
  /** What is being stored just now: sent once, however often the key is pressed. */
  const underWay = useRef<string | null>(null);
  const over = text.length - limits.messageLength;
  const chosen = useChosenFiles();
  const isEditing = intent.kind === 'edit';
  const hasFiles = chosen.choices.length > 0 && !isEditing;
  const canSend = (!isBlank(text) || hasFiles) && over <= 0 && !chosen.isPreparing;
  useEffect(() => takeFiles?.(chosen.add), [takeFiles, chosen.add]);

  useEffect(() => {
    if (intent.kind === 'write') return;
    // Once the menu that it was chosen from lets go of the focus.
    const timer = setTimeout(() => field.current?.focus());
    return () => clearTimeout(timer);
  }, [intent]);

  useFittingHeight(field, text, LINES);

  function write(typed: string) {
    const next = storable(typed);
    composed.write(next);
    setProblem(null);
    client.setTyping(sessionId, next.trim() !== '');
  }

  /** Words that were chosen, behind what is there already. */
  function take(words: string) {
    write(text.trim() === '' ? words : `${text.trimEnd()} ${words}`);
    requestAnimationFrame(() => field.current?.focus());
  }

  async function send() {
    const content = text;
    if (!canSend || content === underWay.current) return;
    underWay.current = content;
    try {
      if (intent.kind === 'edit') await saveEdit(intent.message, content);
      else await store(content, intent.kind === 'reply' ? intent.to.id : (threadRoot ?? undefined));
    } catch (error) {
      setProblem(error instanceof NotStored ? en.errors.notStored[error.reason] : en.errors.generic);
      if (!isEditing) composed.unsent();
      return;
    } finally {
      if (underWay.current === content) underWay.current = null;
    }
    if (isEditing) composed.endEdit();
    else composed.sent(content);
    client.setTyping(sessionId, false);
    onIntent({ kind: 'write' });
    onSent();
  }

  async function store(content: string, parentId: MessageId | undefined) {
    const message = { id: newMessageId(), sessionId, content, parentId, branch };
    const writtenIn = { sessionId, threadRoot };
    composed.sending();
    if (hasFiles) {
      const files = chosen.choices.map((choice) => choice.file);
      await client.files.send(message, files, writtenIn);
      chosen.clear();
      return;
    }
    const storing = onStoring(message);
    try {
      await client.outbox.enqueue('message.send', message, { writtenIn });
    } catch (error) {
      storing.failed();
      throw error;
    }
    storing.stored();
  }

  async function saveEdit(message: MessageRow, content: string) {
    if (message.local && (await client.outbox.editQueued(message.local.mutationId, content))) return;
    if (content === message.content) return;
    if (isAlone) {
      const { id: branchOf, parentId } = message;
      await client.outbox.enqueue('message.send', {
        id: newMessageId(),
        sessionId,
        content,
        parentId,
        branchOf,
      });
    } else await client.outbox.enqueue('message.edit', { messageId: message.id, content });
  }

  const mentions = useMentions({ field, text, members, write });

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing || mentions.onKeyDown(event)) return;
    const formatted = formatByKey(event.currentTarget, event);
    if (formatted !== null) {
      event.preventDefault();
      write(formatted);
      return;
    }
    // On a touch keyboard Enter is the only way to a new line; there the button sends.
    const isTouch = window.matchMedia('(pointer: coarse)').matches;
    if (event.key === 'Enter' && !event.shiftKey && !isTouch) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape' && intent.kind !== 'write') {
      event.preventDefault();
      cancel();
    } else if (event.key === 'Escape' && text.trim() !== '') {
      // Leaves the field; what stands around it stays open.
      event.preventDefault();
      event.currentTarget.blur();
    } else if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault();
      onEditLast();
    }
  }

  function cancel() {
    composed.endEdit();
    onIntent({ kind: 'write' });
  }

  return (
    <div
      // Files that were chosen are kept nowhere until they are sent, and an edit that goes on is best not interrupted.
      data-unsaved={isEditing || hasFiles || undefined}
      className="px-3 pt-1 pb-[calc(12px+env(safe-area-inset-bottom))] wide:px-4"
    >
      <EditKeeper
        place={{ sessionId, threadRoot }}
        edited={isEditing ? intent.message.id : null}
        text={text}
        onFound={(message, kept) => {
          if (composed.resumeEdit(message.id, kept)) onIntent({ kind: 'edit', message });
        }}
      />
      <div className="mx-auto max-w-[760px]">
        {intent.kind !== 'write' && (
          <div className="mb-1 flex items-center gap-2 rounded-control bg-indigo-wash ps-3 text-sm">
            <span className="min-w-0 flex-1 truncate">
              <b>{intent.kind === 'edit' ? en.composer.editing : en.composer.replying(intent.name)}</b>
              {intent.kind === 'reply' && ` · ${intent.to.content}`}
            </span>
            <IconButton label={en.composer.cancel} onClick={cancel}>
              <X />
            </IconButton>
          </div>
        )}
        {(problem || over > 0) && (
          <p role="alert" className="mb-1 text-sm text-danger">
            {problem ?? en.composer.tooLong(over)}
          </p>
        )}
        {!isEditing && chosen.isAny && <ChosenFileStrip chosen={chosen} />}
        {mentions.candidates.length > 0 && <MentionList mentions={mentions} />}
        <div className="flex items-end gap-1 rounded-[22px] border border-line bg-surface p-1 shadow-soft focus-within:border-indigo">
          {isEditing ? <span className="w-3" /> : <AttachButtons onFiles={chosen.add} />}
          {quickActions && !isEditing && <QuickActions onChoose={take} />}
          <textarea
            ref={field}
            rows={1}
            value={text}
            data-kept
            dir="auto"
            aria-label={en.composer.placeholder(name)}
            placeholder={en.composer.placeholder(name)}
            onChange={(event) => write(event.target.value)}
            onKeyDown={onKeyDown}
            onSelect={mentions.onSelect}
            {...mentions.field}
            onPaste={(event) => {
              const files = [...event.clipboardData.files];
              if (files.length === 0 || isEditing) return;
              event.preventDefault();
              chosen.add(files);
            }}
            className="min-h-11 flex-1 resize-none bg-transparent py-2.5 outline-none placeholder:truncate placeholder:text-faint wide:min-h-10 wide:py-2"
          />
          <button
            type="button"
            aria-label={en.composer.send}
            title={en.composer.send}
            onClick={() => void send()}
            aria-disabled={!canSend}
            className={`grid h-11 w-11 flex-none place-items-center rounded-full bg-indigo text-indigo-ink transition wide:h-10 wide:w-10 ${
              canSend ? 'ring-3 ring-star/55' : 'opacity-40'
            }`}
          >
            <ArrowUp className="h-5 w-5" />
          </button>
        </div>
      </div>
    </div>
  );
}
