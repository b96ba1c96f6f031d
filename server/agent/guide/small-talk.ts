const NAME = String.raw`(?:[\s,]+(?:there|jay|agent jay|agent|sir|ma|bot|everyone|all))*`;
const GREETING = new RegExp(
  String.raw`^(?:hi+|hello+|hey+|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|how far|sup|yo)${NAME}\b[\s,.!:-]*`,
  'i',
);
const THANKS = new RegExp(
  String.raw`^(?:ok(?:ay)?[\s,]+)?(?:thanks?(?: you| u)?|thank you|thx|cheers|much appreciated)(?: so much| a lot| very much| a million)?${NAME}(?![\s\w]*\bfor\b[\s\w]*\?)[\s,.!]*`,
  'i',
);
const PLEASED =
  /^(?:great|perfect|ok(?:ay)?|nice|cool|alright|got it|i see|understood|wow|lovely|that helps|that was helpful)[\s,.!]*$/i;
const HOW_ARE_YOU = /^how (?:are|r) (?:you|u)(?: doing)?(?: today)?[\s,.!?]*/i;
const FAREWELL = new RegExp(
  String.raw`^(?:bye+|goodbye|good ?night|see you(?: later)?|later)${NAME}[\s.!]*$`,
  'i',
);
const WHO =
  /^(?:so )?(?:who|what) (?:exactly )?(?:are|r) (?:you|u)\b|\bare you (?:a |an )?(?:real|ai|bot|robot|human|person|chatgpt|gpt|machine|llm|language model)\b|\b(?:which|what) (?:ai|model|llm)\b.*\byou\b|\bhow do you work\b|\bwho (?:made|built|created) you\b|\byour name\b|\bwhy .*\bno ai key\b|\bbuilt-in guide\b/i;
const ABLE =
  /^(?:what|how) can (?:you|u) (?:do|help|assist)|^what do you know|^what (?:topics|subjects) (?:do|can) you|^(?:help|menu|topics)[\s!?.]*$|^(?:can|could) you help(?: me)?[\s!?.]*$/i;
const DISTRESS =
  /\b(?:kill(?:ing)? my ?self|suicid|end (?:my|it) (?:life|all)|want to die|wanna die|better off dead|hurt(?:ing)? my ?self|harm(?:ing)? my ?self|self[- ]harm|no reason to live|don'?t want to live)\b/i;

const GREETED =
  'Hello! I am Agent Jay. Tell me which step of your project you are at, or ask about anything from choosing a topic to the defence.';
const WHAT_I_AM = `I am the built-in guide of J Star Chat: no AI key is set on this server, so no language model answers here. I retrieve from a handbook for final-year projects that comes with the app, put the fitting parts together, and name the entry they come from. I do not write freely, I do not know your project beyond what you tell me here, and I say so when I do not know something.

I can also work out a sample size ("What sample do I need for 1,200 students?"), share it among groups, lay out a plan for the weeks you have left, and divide words among chapters.`;
const WHAT_I_CAN = `I can help with every step of a final-year project:

- **Starting**: topic, title, problem statement, objectives, proposal
- **Reading**: searching and reviewing literature, the gap, theory
- **Method and data**: surveys, interviews, laboratory work, sampling, ethics, statistics
- **Building**: requirements, UML, software, machine learning, hardware
- **Writing**: each chapter, style, citations, plagiarism, using AI honestly
- **Getting through**: plan, supervisor, group, stress, defence, submission

I also work out a sample size from your population, or a plan from the weeks that you have left.`;
const IN_DISTRESS = `I am glad that you said it. I am only a guide for projects and cannot help you with this as a person can, so please tell someone right now: a friend, your family, a room-mate, anyone who can be with you.

- If you are in danger, call the emergency number (112 in Nigeria and Ghana) or go to the nearest hospital.
- Your university's health centre or counselling unit helps with exactly this, and it is confidential.

No project and no deadline is worth your life; it can be postponed. When you are safe and want to, we can look at the work together.`;

/** The answer to what asks for no handbook: a greeting, thanks, who one talks to, distress. Null for all else. */
export function smallTalk(said: string): string | null {
  if (DISTRESS.test(said)) return IN_DISTRESS;
  const rest = withoutCourtesies(said);
  if (rest === '') return answerToCourtesy(said);
  if (WHO.test(rest)) return WHAT_I_AM;
  if (ABLE.test(rest)) return WHAT_I_CAN;
  if (FAREWELL.test(rest)) return 'Goodbye, and good progress. I am here when the next question comes up.';
  if (PLEASED.test(rest)) return 'Good. Ask whenever the next question comes up.';
  return null;
}

/** What is left to answer of "Hi Jay, thanks! How do I …?". */
export function withoutCourtesies(said: string): string {
  let rest = said.trim();
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(GREETING, '').replace(HOW_ARE_YOU, '').replace(THANKS, '').trim();
  }
  return /[\p{L}\p{N}]/u.test(rest) ? rest : '';
}

function answerToCourtesy(said: string): string {
  if (/\p{L}/u.test(said) === false)
    return 'Tell me in a few words what you would like to know about your project.';
  if (/\bthank|\bthx|cheers|appreciated/i.test(said))
    return 'You are welcome. Ask whenever the next question comes up.';
  return GREETED;
}
