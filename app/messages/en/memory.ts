/** What Agent Jay remembers. */
const words = {
  memory: {
    title: 'What Agent Jay remembers',
    lead: 'Facts and preferences from your conversations with him alone. They are used in your conversations only; in groups he goes by your preferences and nothing else.',
    on: 'Remember things about me',
    empty: 'Nothing yet. He learns from what you tell him, or you write it down here.',
    add: 'Add something',
    addButton: 'Add',
    example: 'I study agronomy',
    edit: 'Put right',
    forget: 'Forget',
    forgetAll: 'Forget everything',
    confirmAll: 'Forget everything that Agent Jay remembers of you?',
    origin: {
      said: 'From a conversation',
      feedback: 'From what you said of an answer',
      written: 'Written by you',
    },
  },
} as const;

export const { memory } = words;
