import type { SessionType } from '../../protocol/shapes.ts';

/** What one may open a conversation with, by its type. */
export const starters: Record<SessionType, readonly string[]> = {
  general: [
    'Help me choose a project topic',
    'How do I write a problem statement?',
    'What sample size do I need?',
    'Make me a plan for the weeks I have left',
  ],
  consultation: [
    'Is my topic feasible in one semester?',
    'Which methodology fits my research question?',
    'How do I narrow my topic down?',
    'How should I work with my supervisor?',
  ],
  builder: [
    'Outline my proposal with me',
    'Draft a questionnaire with me',
    'Which diagrams does my system design need?',
    'Structure chapter two with me',
  ],
  support: [
    'I am behind schedule. What now?',
    'My supervisor does not answer',
    'I am nervous about my defence',
    'My data collection is not working',
  ],
};
