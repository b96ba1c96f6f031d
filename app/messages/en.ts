/**
 * Every word of the interface, in British English: one namespace a language, a file for each room. Not one object: a
 * page is sent the words of the rooms that it shows, and no others.
 */
export * as en from './en/all.ts';
