/** How the app stands: its connection, its versions, its place on this device, the keyboard. */
const words = {
  connection: {
    offline: 'Offline',
    connecting: 'Connecting…',
    reconnecting: (seconds: number) => `Reconnecting in ${seconds} s`,
    tryNow: 'try now',
    checkAgain: 'check',
    refused: (n: number) => (n === 1 ? '1 change was refused' : `${n} changes were refused`),
    strange: (n: number) =>
      n === 1 ? '1 change of another version is kept' : `${n} changes of another version are kept`,
    willBeSent: (n: number) => (n === 1 ? '1 change will be sent' : `${n} changes will be sent`),
    unreachable:
      'The server cannot be reached right now. It is tried again until it answers: you can leave this open.',
    signedOut: 'Signed out on this device',
    signIn: 'sign in',
  },
  update: {
    newer: 'A new version is ready.',
    take: 'Use it now',
    incomplete: 'A part of this page got lost on its way.',
    loadAgain: 'Load it again',
  },
  install: {
    title: 'Install',
    lead: 'Installed, it opens from your home screen and without a network.',
    button: 'Install J Star Chat',
    byHand: 'On iPhone and iPad: tap the share button in Safari, then “Add to Home Screen”.',
    iosLimits:
      'Apple lets no app send in the background: what waits goes out when you open J Star Chat again. Not installed, Safari may clear this device after seven days without a visit.',
    later: 'Not now',
  },
  storage: {
    title: 'On this device',
    used: (size: string) => `${size} are kept here, for reading and writing without a network.`,
    persisted: 'The browser has promised to keep them.',
    mayGo:
      'The browser may clear them when space runs out. What is on the server comes back; what waits here would be lost.',
    outdated: 'J Star Chat was updated in another tab: this one can store nothing more.',
    reload: 'Reload it',
    older:
      'What is on this device was written by a newer version of J Star Chat than this page. Nothing of it is lost.',
    blocked:
      'J Star Chat has been updated, and another tab still runs the version before. Close the other tabs of J Star Chat: this one then goes on by itself.',
    none: 'This browser keeps nothing on this device, as in a private window. Use an ordinary window: J Star Chat needs it to make sure that nothing you write is lost.',
    clear: 'Clear this device',
    clearUnsent: (n: number) =>
      `${n === 1 ? 'One change has' : `${n} changes have`} not been sent yet and would be lost. Clear this device all the same?`,
    filled:
      'This device is full: it can keep neither what is new nor what you write. What waits is sent all the same. Free some space, and the rest goes on by itself.',
    full: 'This device has no room left. Free some space and open J Star Chat again; nothing was changed.',
  },
  palette: {
    label: 'Go anywhere',
    placeholder: 'Where to, or what to do?',
    go: 'Conversations',
    do: 'Actions',
    ask: 'Ask Agent Jay something new',
  },
  keys: {
    title: 'Keyboard',
    list: [
      ['Ctrl K', 'Go anywhere'],
      ['/', 'Search'],
      ['?', 'This list'],
      ['Enter', 'Send'],
      ['Shift Enter', 'A new line'],
      ['↑', 'Edit your last message, from an empty field'],
      ['@', 'Speak to somebody by name'],
      ['Esc', 'Close what is open'],
    ],
  },
} as const;

export const { connection, update, install, storage, palette, keys } = words;
