/** Agent Jay's answers. */
const words = {
  answer: {
    thinking: 'Agent Jay is thinking…',
    stop: 'Stop',
    stopped: 'Stopped',
    like: 'Good answer',
    dislike: 'Bad answer',
    regenerate: 'Write again',
    retry: 'Try again',
    failed: 'This answer could not be finished.',
    interrupted: 'Interrupted',
    goOn: 'Continue',
    insteadOf: (name: string) => `stood in for ${name}`,
    record: {
      insteadOf: 'Instead of',
      status: 'Ended as',
      statuses: {
        streaming: 'being written',
        done: 'complete',
        stopped: 'stopped',
        failed: 'failed',
        interrupted: 'interrupted',
      },
      firstToken: 'First word after',
      responseTime: 'Finished after',
      seconds: (n: number) => `${n.toLocaleString('en', { maximumFractionDigits: 1 })} s`,
    },
    version: (n: number, of: number) => `${n}/${of}`,
    older: 'Earlier version',
    newer: 'Later version',
    label: "Agent Jay's answer",
  },
  basis: {
    title: 'What this answer was based on',
    conversation: 'Conversation',
    messages: (n: number, hasSummary: boolean) =>
      `${n === 1 ? 'Your question alone' : `${n} messages, your question the last of them`}${hasSummary ? ', and a summary of what came before' : ''}`,
    nothing: 'Nothing.',
    forgotten: (n: number) =>
      n === 1 ? 'One thing that is forgotten since.' : `${n} things that are forgotten since.`,
    gone: 'A project that is gone since',
    style: 'Style',
    tokens: (read: number, written: number | null) =>
      `${read.toLocaleString('en-GB')} tokens read${written === null ? '' : `, ${written.toLocaleString('en-GB')} written`}`,
    loading: 'Loading…',
    notYours: 'Only the person who asked can see this, and only for newer answers.',
    needsNetwork: 'This needs the network. Try again when you are online.',
  },
  feedback: {
    like: 'What was good about it?',
    dislike: 'What was wrong with it?',
    reasons: {
      like: ['To the point', 'Clear and simple', 'Good examples', 'Detailed'],
      dislike: ['Too long', 'Too short', 'Too complicated', 'No examples', 'Not correct', 'Not what I asked'],
    },
    other: 'In your own words',
    send: 'Send',
    skip: 'Skip',
    thanks: 'Thank you. Later answers will go by it.',
  },
  formatted: { code: 'Code', copyCode: 'Copy code', table: 'Table' },
} as const;

export const { answer, basis, feedback, formatted } = words;
