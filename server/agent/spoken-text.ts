/**
 * Marks by which model servers tell roles apart in one string. Most servers take them for plain text in a message; the
 * others must not be talked into believing that a person is the system.
 */
const ROLE_MARKS =
  /<\|(?=[^|<>\n]{1,40}\|>)|<(?=\/?(?:start_of_turn|end_of_turn)>)|\[(?=\/?INST\])|<(?=<\/?SYS>>)/gi;

/** A line that looks like our own naming of an author. */
const FORGED_AUTHOR = /^(?=From ".*":)/gm;

/** What a person wrote, so that it can be nothing but that. */
export function spokenText(content: string): string {
  return content.replace(ROLE_MARKS, '$&\u2060').replace(FORGED_AUTHOR, '> ');
}

/** A message of a group: its author stands before it. Quoted, so that a name cannot end the line and begin another. */
export function spokenBy(name: string, content: string): string {
  return `From ${JSON.stringify(name)}:\n${spokenText(content)}`;
}
