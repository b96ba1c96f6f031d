import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { type Forks, forkOf } from '../../protocol/forks.ts';
import type { MessageId } from '../../protocol/ids.ts';
import type { Me } from '../../protocol/shapes.ts';
import type { MessageRow, StoredSession } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { layOut } from './group-messages.ts';
import type { MessageActions } from './message-actions.ts';
import type { ThreadBelow } from './message-bubble.tsx';
import { MessageLine } from './message-line.tsx';
import { useKeptAtEnd } from './use-kept-at-end.ts';
import { useToldAtEnd } from './use-told-at-end.ts';

export interface MessageListHandle {
  toEnd(): void;
  toMessage(id: MessageId): boolean;
  /** The newest message is on screen. */
  showsEnd(): boolean;
  /** Tells again if the beginning of what is here is near. */
  lookAtStart(): void;
}

const NEAR_END_PX = 80;
const NEAR_START_PX = 600;

/** The log: only what is on screen is in the page, older messages come in above without a jump. */
export function MessageList({
  messages,
  loaded,
  forks,
  session,
  me,
  newFrom,
  modelLabel,
  actions,
  isAtTail,
  threads,
  onNearStart,
  onNearEnd,
  onToTail,
  onAtEnd,
  handle,
}: {
  /** What is shown, oldest first. */
  messages: readonly MessageRow[];
  /** How many are loaded, hidden ones too. */
  loaded: number;
  forks: Forks;
  session: StoredSession;
  me: Me;
  newFrom: number | null;
  modelLabel: string | null;
  actions: MessageActions;
  /** The newest message of the conversation is among these. */
  isAtTail: boolean;
  threads: ReadonlyMap<MessageId, ThreadBelow>;
  onNearStart(): void;
  onNearEnd(): void;
  /** The end of the conversation is wanted among the messages. */
  onToTail(): void;
  /** The newest message is on screen. */
  onAtEnd(): void;
  handle: Ref<MessageListHandle>;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const lines = useMemo(() => layOut(messages, me.id, newFrom), [messages, me.id, newFrom]);

  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 72,
    getItemKey: (index) => lines[index]?.message.id ?? index,
    anchorTo: 'end',
    // Where more comes below, an append is a page of it, and nothing to follow.
    followOnAppend: isAtTail,
    scrollEndThreshold: NEAR_END_PX,
    overscan: 8,
    paddingStart: 16,
    paddingEnd: 8,
  });

  const wantsEnd = useRef(false);
  function toEnd() {
    if (isAtTail) return virtual.scrollToEnd({});
    wantsEnd.current = true;
    onToTail();
  }
  // Once the end has come among the messages.
  useEffect(() => {
    if (!isAtTail || !wantsEnd.current) return;
    wantsEnd.current = false;
    virtual.scrollToEnd({});
    requestAnimationFrame(() => virtual.scrollToEnd({}));
  }, [isAtTail, virtual]);

  useImperativeHandle(handle, () => ({
    toEnd,
    showsEnd: () => isAtEnd && isAtTail,
    lookAtStart,
    toMessage(id) {
      const index = lines.findIndex((line) => line.message.id === id);
      if (index < 0) return false;
      virtual.scrollToIndex(index, { align: 'center' });
      setHighlighted(id);
      return true;
    },
  }));

  // Opened at its end.
  const hasOpened = useRef(false);
  useEffect(() => {
    if (hasOpened.current || lines.length === 0) return;
    hasOpened.current = true;
    virtual.scrollToEnd({});
    requestAnimationFrame(() => virtual.scrollToEnd({}));
  }, [lines.length, virtual]);

  useKeptAtEnd(scroller, isAtEnd && isAtTail, virtual.getTotalSize());

  useEffect(() => {
    if (!highlighted) return;
    const timer = setTimeout(() => setHighlighted(null), 1_600);
    return () => clearTimeout(timer);
  }, [highlighted]);

  function lookAtStart() {
    const top = scroller.current?.scrollTop ?? NEAR_START_PX;
    if (hasOpened.current && top < NEAR_START_PX) onNearStart();
  }

  const newest = { lastId: lines.at(-1)?.message.id, lastSeq: session.lastSeq };
  useToldAtEnd({ isAtEnd: isAtEnd && isAtTail, ...newest }, onAtEnd);

  const tell = useRef({ lookAtStart });
  tell.current = { lookAtStart };

  // Still near the beginning after older messages came in: nobody can scroll further to ask for more.
  useEffect(() => {
    if (loaded === 0) return;
    const frame = requestAnimationFrame(() => tell.current.lookAtStart());
    return () => cancelAnimationFrame(frame);
  }, [loaded]);

  function onScroll() {
    const element = scroller.current;
    if (!element) return;
    setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX);
    if (element.scrollTop < NEAR_START_PX) onNearStart();
    if (!isAtTail && element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_START_PX)
      onNearEnd();
  }

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-label={en.conversation.log}
        // Focusable, so that a keyboard can scroll it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: as said
        tabIndex={0}
        onScroll={onScroll}
        className="h-full overflow-x-hidden overflow-y-auto [overflow-anchor:none]"
      >
        <div className="relative mx-auto w-full max-w-[760px]" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <div
                key={item.key}
                data-index={item.index}
                ref={virtual.measureElement}
                className={`absolute inset-x-0 top-0 px-3 transition-colors wide:px-4 ${highlighted === line.message.id ? 'rounded-xl bg-star-wash' : ''}`}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <MessageLine
                  line={line}
                  fork={forkOf(forks, line.message.id)}
                  session={session}
                  me={me}
                  modelLabel={modelLabel}
                  actions={actions}
                  thread={threads.get(line.message.id) ?? null}
                  isLast={isAtTail && item.index === lines.length - 1}
                />
              </div>
            );
          })}
        </div>
      </div>
      {!(isAtEnd && isAtTail) && (
        <button
          type="button"
          aria-label={en.conversation.jumpToLatest}
          title={en.conversation.jumpToLatest}
          onClick={toEnd}
          className="absolute end-4 bottom-3 grid h-11 w-11 place-items-center rounded-full border border-line bg-surface text-soft shadow-soft"
        >
          <ArrowDown className="h-5 w-5" />
        </button>
      )}
    </div>
  );
}
