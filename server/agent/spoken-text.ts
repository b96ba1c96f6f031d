/**
 * Marks by which model servers tell roles apart in one string. Most servers take them for plain text in a message; the
 * others must not be talked into believing that a person is the system.
 */
const ROLE_MARKS =
  /<\|(?=[^|<>\n]{1,40}\|>)|<(?=\/?(?:start_of_turn|end_of_turn)>)|\[(?=\/?INST\])|<(?=<\/?SYS>>)/gi;

/** A line that looks like our own naming of an author. */
const FORGED_AUTHOR = /^(?=From ".*":)/gm;

/** Text in which no server finds a mark that ends one role and begins another. */
export const withoutRoleMarks = (text: string): string => text.replace(ROLE_MARKS, '$&\u2060');

/** What a person wrote, so that it can be nothing but that. */
export function spokenText(content: string): string {
  return withoutRoleMarks(content).replace(FORGED_AUTHOR, '> ');
}

/** A name as a prompt tells it: quoted, so that it cannot end its line and begin another. */
export const quotedName = (name: string): string => withoutRoleMarks(JSON.stringify(name));

/** A message of a group: its author stands before it. */
export function spokenBy(name: string, content: string): string {
  return `From ${quotedName(name)}:\n${spokenText(content)}`;
}
