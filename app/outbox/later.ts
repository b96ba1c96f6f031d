export { settleSpentId } from './settle-spent-id.ts';
export { showWaiting } from './show-waiting.ts';
export { takeFromFrozen } from './take-from-frozen.ts';
