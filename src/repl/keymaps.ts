// Which key does what: Emacs' keys.
import type { EditName } from './edits.ts';

/** What the editor does beside editing the text. */
export type EditorAction =
  | 'submit'
  | 'new-line'
  | 'complete'
  | 'complete-back'
  | 'up'
  | 'down'
  | 'older'
  | 'newer'
  | 'search'
  | 'take-suggestion'
  | 'take-suggestion-word'
  | 'take-suggestion-end'
  | 'document'
  | 'interrupt'
  | 'leave-or-delete'
  | 'clear-screen'
  | 'suspend'
  | 'escape'
  | 'page-up'
  | 'page-down';

export type Action = EditorAction | EditName;

export const EMACS: Readonly<Record<string, Action>> = {
  enter: 'submit',
  'M-enter': 'new-line',
  'S-enter': 'new-line',
  'C-enter': 'submit',
  'C-o': 'new-line',
  tab: 'complete',
  'S-tab': 'complete-back',
  'C-space': 'complete',

  left: 'left',
  'C-b': 'left',
  right: 'take-suggestion',
  'C-f': 'take-suggestion',
  'C-left': 'word-left',
  'M-left': 'word-left',
  'M-b': 'word-left',
  'C-right': 'take-suggestion-word',
  'M-right': 'take-suggestion-word',
  'M-f': 'take-suggestion-word',
  home: 'line-start',
  'C-a': 'line-start',
  end: 'take-suggestion-end',
  'C-e': 'take-suggestion-end',
  'C-home': 'cell-start',
  'M-<': 'cell-start',
  'C-end': 'cell-end',
  'M->': 'cell-end',
  up: 'up',
  down: 'down',
  'C-p': 'up',
  'C-n': 'down',
  'C-up': 'older',
  'C-down': 'newer',
  'M-p': 'older',
  'M-n': 'newer',
  pageup: 'page-up',
  pagedown: 'page-down',

  backspace: 'delete-left',
  'S-backspace': 'delete-left',
  delete: 'delete-right',
  'C-d': 'leave-or-delete',
  'C-k': 'cut-to-line-end',
  'C-u': 'cut-to-line-start',
  'C-w': 'cut-space-left',
  'M-backspace': 'cut-word-left',
  'C-backspace': 'cut-word-left',
  'M-d': 'cut-word',
  'C-delete': 'cut-word',
  'C-y': 'yank',
  'M-y': 'yank-older',
  'C-_': 'undo',
  'C-z': 'suspend',
  'M-_': 'redo',
  'M-r': 'redo',
  'C-t': 'transpose',
  'M-u': 'uppercase',
  'M-l': 'lowercase',
  'M-c': 'capitalize',
  'M-/': 'toggle-comment',
  'M-]': 'indent',

  'C-r': 'search',
  'C-c': 'interrupt',
  'C-l': 'clear-screen',
  f1: 'document',
  'M-h': 'document',
  escape: 'escape',
  'C-g': 'escape',
};
