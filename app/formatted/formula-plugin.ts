import { createMathPlugin } from '@streamdown/math';
import type { PluginConfig } from 'streamdown';
import 'katex/dist/katex.min.css';

// Both are typed by a `unified` of their own version; what is handed over is the same.
const math = createMathPlugin({ errorColor: 'var(--danger)' }) as unknown as PluginConfig['math'];

export const plugins: PluginConfig = math ? { math } : {};
