import { answer } from './en/answer.ts';
import { attachments } from './en/attachments.ts';
import { conversation } from './en/conversation.ts';
import { details } from './en/details.ts';
import { everywhere } from './en/everywhere.ts';
import { inbox } from './en/inbox.ts';
import { memory } from './en/memory.ts';
import { people } from './en/people.ts';
import { project } from './en/project.ts';
import { search } from './en/search.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { signIn } from './en/sign-in.ts';

/** Every word of the interface, in British English: one object a language, a file for each room. */
export const en = {
  ...everywhere,
  ...shell,
  ...signIn,
  ...inbox,
  ...search,
  ...conversation,
  ...details,
  ...answer,
  ...attachments,
  ...settings,
  ...people,
  ...project,
  ...memory,
} as const;
