import { ReportsPage } from '../reports/reports-page.tsx';

export { FailedPage as ErrorBoundary } from '../shell/failed-page.tsx';

export default function ChatReports() {
  return <ReportsPage />;
}
