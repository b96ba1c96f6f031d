import { EmojiPicker, type EmojiPickerListComponents } from 'frimousse';
import { hasReacted } from '../../protocol/reactions.ts';
import type { Me } from '../../protocol/shapes.ts';
import type { MessageRow } from '../local-db/rows.ts';
import { en } from '../messages/en.ts';
import { useChatClient } from '../sync/react.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { readEmojiData } from './emoji-data.ts';

/** The picker counts rows and columns from 0; ARIA counts them from 1. */
function fromOne<P extends { 'aria-rowindex'?: number; 'aria-colindex'?: number }>(props: P): P {
  const next = { ...props };
  for (const index of ['aria-rowindex', 'aria-colindex'] as const)
    if (next[index] !== undefined) next[index] += 1;
  return next;
}

const parts: Partial<EmojiPickerListComponents> = {
  CategoryHeader: ({ category, ...props }) => (
    <div {...props} className="bg-paper px-1 py-1.5 text-xs font-semibold text-faint">
      {category.label}
    </div>
  ),
  Row: ({ children, ...props }) => (
    <div {...fromOne(props)} className="flex justify-between">
      {children}
    </div>
  ),
  Emoji: ({ emoji, ...props }) => (
    <button
      type="button"
      {...fromOne(props)}
      className="grid h-11 w-11 place-items-center rounded-lg text-2xl data-[active]:bg-ink/10"
    >
      {emoji.emoji}
    </button>
  ),
};

/** Any emoji, by name or by eye. */
export function EmojiSheet({ message, me, onClose }: { message: MessageRow; me: Me; onClose(): void }) {
  const { outbox } = useChatClient();
  const pick = (emoji: string) => {
    const on = !hasReacted(message.reactions, emoji, me.id);
    void outbox.enqueue('message.react', { messageId: message.id, emoji, on });
    onClose();
  };
  return (
    <Dialog open onOpenChange={onClose} title={en.message.react} closeLabel={en.close}>
      <EmojiPicker.Root
        columns={8}
        resolveEmojiData={readEmojiData}
        onEmojiSelect={({ emoji }) => pick(emoji)}
        className="flex h-[min(420px,55dvh)] flex-col"
      >
        <EmojiPicker.Search
          aria-label={en.message.searchEmoji}
          placeholder={en.message.searchEmoji}
          className="min-h-11 rounded-control border border-line bg-surface px-3"
        />
        {/* Scrolls by keyboard, too. */}
        <EmojiPicker.Viewport tabIndex={0} className="mt-2 flex-1 rounded-lg">
          <EmojiPicker.Loading className="grid h-full place-content-center text-sm text-soft">
            {en.message.loadingEmoji}
          </EmojiPicker.Loading>
          <EmojiPicker.Empty className="grid h-full place-content-center text-sm text-soft">
            {en.message.noEmoji}
          </EmojiPicker.Empty>
          <EmojiPicker.List className="select-none" components={parts} />
        </EmojiPicker.Viewport>
      </EmojiPicker.Root>
    </Dialog>
  );
}
