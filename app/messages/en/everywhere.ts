/** What is said in every room. */
const words = {
  name: 'J Star Chat',
  close: 'Close',
  cancel: 'Cancel',
  dismiss: 'Dismiss',
  save: 'Save',
  copy: 'Copy',
  copied: 'Copied',
  back: 'Back',
  errors: {
    notChanged: {
      full: 'This device has no room left: nothing was changed.',
      outdated: 'J Star Chat was updated in another tab: reload this one. Nothing was changed.',
      closed: 'This browser keeps nothing on this device just now: nothing was changed.',
    },
    notStored: {
      full: 'This device has no room left, so nothing was changed. What you wrote is still here: free some space and try again.',
      outdated:
        'J Star Chat was updated in another tab. What you wrote is still here: reload this tab and send it again.',
      closed:
        'This browser keeps nothing on this device just now. What you wrote is still here: try again, or use an ordinary window.',
    },
    generic: 'That did not work. Check the network and try again.',
  },
  failed: {
    title: 'This page could not be shown.',
    kept: 'What you wrote is kept on this device.',
    unknown: 'There is no page at this address.',
    again: 'Try again',
    toConversations: 'Back to conversations',
  },
} as const;

export const { name, close, cancel, dismiss, save, copy, copied, back, errors, failed } = words;
