/** A conversation's details. */
const words = {
  details: {
    members: 'Members',
    invite: 'Invite by link',
    copyLink: 'Copy link',
    title: 'Title',
    leave: 'Leave',
    remove: 'Remove',
    confirmRemove: (name: string) =>
      `Remove ${name}? They keep what was said until now, and see nothing that follows.`,
    manage: (name: string) => `Manage ${name}`,
    promote: 'Make an owner too',
    demote: 'Make an ordinary member',
    handOver: 'Hand over to them',
    confirmHandOver: (name: string) =>
      `Hand this conversation over to ${name}? Then you are an ordinary member, and only an owner can change that.`,
    room: 'How many people it takes',
    inviteFor: 'Good for',
    hours: (n: number) =>
      n === 1 ? 'one hour' : n === 24 ? 'one day' : n === 168 ? 'one week' : `${n / 24} days`,
    invitations: 'Links that let people in',
    until: (when: string) => `until ${when}`,
    revoke: 'Revoke this link',
    copyThis: 'Copy this link',
    owner: 'owner',
    agent: 'AI consultant',
    model: 'Answers come from',
    failed: 'That did not work. Check the network and try again.',
    complete: (when: string) => `Compared with the server at ${when}: nothing is missing on this device.`,
    notCompared: 'Not compared with the server yet.',
    compare: 'Compare now',
    mended: (n: number) =>
      n === 1
        ? 'One message was missing or wrong and is mended.'
        : `${n} messages were missing or wrong and are mended.`,
    same: 'Nothing is missing.',
  },
  record: {
    title: 'About this conversation',
    type: 'Type',
    messages: 'Messages',
    model: 'Last answered by',
    tokens: 'Tokens used',
    started: 'Started',
    lastActivity: 'Last activity',
    goal: 'What it is for',
    goalExample: 'Agree on a title by Friday',
    saveGoal: 'Save what it is for',
  },
} as const;

export const { details, record } = words;
