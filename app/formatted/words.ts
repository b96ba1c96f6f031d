import { createContext, type ReactNode } from 'react';

/** How words between the marks are shown: whoever shows a message may set some of them off. */
export type ShowWords = (text: string) => ReactNode;

export const Words = createContext<ShowWords>((text) => text);
