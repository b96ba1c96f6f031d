/** What kind of answer a question wants: how it is introduced, and which section of an entry suits it best. */
export interface Intent {
  name: 'worry' | 'example' | 'mistakes' | 'difference' | 'how much' | 'which' | 'allowed' | 'how' | 'other';
  /** Stands before an answer that begins with a section. */
  leadIn: string;
  /** Headings of sections that suit it. */
  headings: RegExp | null;
}

const intents: readonly (Intent & { asks: RegExp })[] = [
  {
    name: 'example',
    asks: /\bexamples?\b|\bsamples? of (?:a|an|the)\b|\btemplate\b|show me/i,
    leadIn: 'Here is an example.',
    headings: /example|practice|pattern|paragraph|e-mail|test case|better wording|writing it/i,
  },
  {
    name: 'worry',
    asks: /\b(?:stress|nervous|scared|afraid|anxious|panic|worried|overwhelm|give up|behind|stuck|depress|tired|refus|reject|nobody|lost|crash|lazy|rude|ignor|does(?:n'?t| not) (?:answer|reply|respond)|not (?:answering|replying|working))\w*/i,
    leadIn: 'That happens to many, and there is a way on.',
    headings: /next hour|ladder|nerves|few responses|does not work|when someone|refused|lost|answering/i,
  },
  {
    name: 'mistakes',
    asks: /\b(?:mistakes?|wrong with|avoid|errors? (?:people|students)|pitfalls?|weak)\b/i,
    leadIn: 'Here is what usually goes wrong.',
    headings: /mistake|goes wrong|weak/i,
  },
  {
    name: 'difference',
    asks: /\bdiff(?:er\w*)?\b|\bvs\.?\b|\bversus\b|\bcompare\b|\bdistinguish/i,
    leadIn: 'Here is how they differ.',
    headings: /differ|\bor\b|\band\b.*-|functional and|summary/i,
  },
  {
    name: 'how much',
    asks: /\bhow (?:many|much|long|large|big|often)\b|\bword (?:limit|count)\b|\bwhat (?:percentage|size|score)\b/i,
    leadIn: 'Here are the figures to go by.',
    headings: /how (?:many|much|long)|length|size|share|margin|words per|battery life/i,
  },
  {
    name: 'allowed',
    asks: /^(?:please |so )?(?:can|may|should|must|do|does|is it|am|are|will) (?:i|we|my|it|a|an|the|there|ok|okay|fine|allowed|good|bad|necessary)\b/i,
    leadIn: 'Here is what is usual; the rules of your own department come first.',
    headings: /usually|do you need|may i|when (?:you|these)|is it|acceptable/i,
  },
  {
    name: 'which',
    asks: /\b(?:which|what (?:tool|test|method|software|language|kind|type|chart|design))\b|\bor\b/i,
    leadIn: 'Here is how to choose.',
    headings: /which|choos|types?|kinds?|table|comparison|tools/i,
  },
  {
    name: 'how',
    asks: /\bhow\b|\bsteps?\b|\bhelp me\b|\bwrite\b|\bdraft\b|\boutline\b|\bstructure\b|\bguide me\b|\bwhat (?:goes|should|do i|comes)\b/i,
    leadIn: 'Here is how to go about it.',
    headings:
      /steps?|how to|way to|practice|in an hour|structure|usual sections|moves|phases|before you start|writing the|preparing/i,
  },
];

const OTHER: Intent = { name: 'other', leadIn: '', headings: null };

export const intentOf = (question: string): Intent =>
  intents.find(({ asks }) => asks.test(question)) ?? OTHER;
