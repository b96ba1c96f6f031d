/** Coming in. */
const words = {
  landing: {
    // The hyphen is one that no line breaks behind.
    title: 'Your final\u2011year project, talked through.',
    lead: 'Ask Agent Jay, bring in a consultant, work with your group. It keeps up on a bad network: what you write in a lift arrives, once, in order.',
    guest: 'Try as guest',
    guestNote: 'No e-mail needed. You can keep everything later by adding one.',
    signIn: 'Sign in',
    signUp: 'Create account',
    or: 'or',
    open: 'Open my conversations',
  },
  signIn: {
    name: 'Your name',
    email: 'E-mail',
    password: 'Password',
    passwordHint: 'At least 8 characters',
    haveAccount: 'I have an account',
    noAccount: 'I am new here',
    failed: 'The server could not be reached. Check the network and try again.',
    left: 'You are signed out, and nothing of yours is on this device. The server hears of it, and you can sign in again, once there is a network.',
  },
  join: {
    title: 'You are invited to a conversation',
    join: 'Join',
    asGuest: 'Join as guest',
  },
} as const;

export const { landing, signIn, join } = words;
