import { NothingChosen } from '../conversation/nothing-chosen.tsx';

export default function ChatIndex() {
  return <NothingChosen />;
}
