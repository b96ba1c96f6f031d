import { ReportsPage } from '../reports/reports-page.tsx';

export default function ChatReports() {
  return <ReportsPage />;
}
