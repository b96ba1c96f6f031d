/** Blocking and reporting. */
const words = {
  people: {
    /** Of whom nothing is known any more. */
    former: 'Former member',
    menu: (name: string) => `What to do about ${name}`,
    block: 'Block',
    unblock: 'Unblock',
    blocked: (name: string) =>
      `${name} is blocked. Conversations of just the two of you have ended for them.`,
    unblocked: (name: string) => `${name} is no longer blocked`,
    blockedPeople: 'Blocked people',
    nobodyBlocked: 'Nobody. Block somebody from the members of a conversation.',
    fromBlocked: 'From somebody you blocked',
    report: 'Report',
    reportMessage: 'Report this message',
    reportPerson: (name: string) => `Report ${name}`,
    reason: 'What is wrong?',
    reportNote: 'Only the staff sees this. The person you report is not told.',
    reported: 'Thank you. The staff will look at it.',
  },
  reports: {
    title: 'Reports',
    open: 'What was reported',
    none: 'Nothing was reported.',
    offline: 'Reports can be read once there is a network.',
    by: (reporter: string, when: string) => `reported by ${reporter}, ${when}`,
    about: (name: string) => `About ${name}`,
    resolve: 'Dealt with',
    resolved: 'dealt with',
  },
} as const;

export const { people, reports } = words;
