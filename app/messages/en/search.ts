/** Finding messages. */
const words = {
  search: {
    messages: 'Messages',
    onDevice: 'On this device',
    searching: 'Searching…',
    none: 'No message matches.',
    noneHere:
      'No message on this device matches. What is only on the server is searched when you are online.',
    more: 'Show more',
    filters: 'Narrow the search',
    kind: 'Kind',
    anyKind: 'Everything',
    kinds: { text: 'Messages', answer: 'Answers', file: 'With files' },
    since: 'When',
    anyTime: 'Any time',
    times: { day: 'Today', week: 'Past week', month: 'Past month', year: 'Past year' },
    where: 'Conversation',
    anywhere: 'Anywhere',
    who: 'Person',
    anybody: 'Anybody',
  },
} as const;

export const { search } = words;
