/** Files that are chosen, sent and shown. */
const words = {
  files: {
    attach: 'Attach files',
    camera: 'Take a photo',
    chosen: 'Files to be sent',
    remove: (name: string) => `Remove ${name}`,
    original: 'Original',
    originalHint: 'Send this picture as it is instead of making it smaller',
    dropHere: 'Drop files here to send them',
    notAPicture: (name: string) =>
      `“${name}” can’t be read as a picture. Choose another, or send it in a zip file.`,
    empty: (name: string) => `“${name}” is empty: there is nothing to send.`,
    tooLarge: (name: string, most: string) =>
      `“${name}” is too large: a file may have up to ${most}. Make it smaller or share a link to it.`,
    tooMany: (most: number) => `A message takes up to ${most} files. Send the rest in another one.`,
    preparing: 'Preparing…',
    uploading: (percent: number) => `${percent} % sent`,
    waiting: 'Waiting to be sent',
    cancel: 'Do not send',
    picture: (name: string) => `Picture: ${name}`,
    open: (name: string) => `Open picture ${name}`,
    save: (name: string, size: string) => `Save ${name}, ${size}`,
    download: 'Save',
    previous: 'Previous picture',
    next: 'Next picture',
    viewer: 'Pictures',
    offline: 'This file is not on this device. It opens when you are online.',
    photo: 'Photo',
    photos: (n: number) => `${n} photos`,
    file: (n: number) => `${n} files`,
  },
} as const;

export const { files } = words;
