import { Component, type ReactNode } from 'react';

/**
 * Around each message: where something in it cannot be shown, its text is, and everything around it stays. React itself
 * logs what was thrown.
 */
export class OrPlain extends Component<{ text: string; children: ReactNode }, { isFailed: boolean }> {
  override state = { isFailed: false };

  static getDerivedStateFromError() {
    return { isFailed: true };
  }

  /** Another text is another chance. */
  override componentDidUpdate({ text }: { text: string }): void {
    if (this.state.isFailed && text !== this.props.text) this.setState({ isFailed: false });
  }

  override render(): ReactNode {
    if (!this.state.isFailed) return this.props.children;
    return (
      <span className="block whitespace-pre-wrap break-words" dir="auto">
        {this.props.text}
      </span>
    );
  }
}
