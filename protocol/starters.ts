import type { SessionType } from './shapes.ts';

/** What an empty conversation offers to ask, by the session's type; the handbook answers each. */
export const starters = {
  general: [
    'How do I choose a project topic?',
    'How do I write a problem statement?',
    'What sample size do I need for 1,200 students?',
    'Make me a plan for 12 weeks',
  ],
  consultation: [
    'Is my topic feasible in one semester?',
    'How do I narrow my topic down?',
    'Which methodology fits my research question?',
    'Which statistical test should I use?',
  ],
  builder: [
    'Outline my proposal with me',
    'How do I draft a questionnaire?',
    'Which UML diagrams do I need?',
    'How do I structure chapter two?',
  ],
  support: [
    'I am behind schedule. What now?',
    'My supervisor does not answer',
    'I am nervous about my defence',
    'My data collection is not working',
  ],
} as const satisfies Record<SessionType, readonly [string, string, string, string]>;
