/** The screens that one goes to from a conversation or the list: one part, for each names what it shares with the others. */
export { ReportsPage } from '../reports/reports-page.tsx';
export { SettingsPage } from '../settings/settings-page.tsx';
export { StarredPage } from '../starred/starred-page.tsx';
