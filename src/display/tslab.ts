// What a cell imports as 'tslab': its way to show things, over ours, so that notebooks written for that kernel run as they are.
import { type DisplayHandle, display as show } from './display.ts';

type Text = (content: string) => void;
type Bytes = (content: Uint8Array) => void;

/** Shows content of one type each. */
export interface TslabDisplay {
  readonly text: Text;
  readonly html: Text;
  readonly markdown: Text;
  readonly latex: Text;
  readonly javascript: Text;
  readonly svg: Text;
  readonly png: Bytes;
  readonly jpeg: Bytes;
  readonly gif: Bytes;
  readonly pdf: Bytes;
  /** Content of any type. */
  raw(contentType: string, content: string | Uint8Array): void;
}

function over(raw: TslabDisplay['raw']): TslabDisplay {
  const of = (contentType: string) => (content: string | Uint8Array) => raw(contentType, content);
  return {
    raw,
    text: of('text/plain'),
    html: of('text/html'),
    markdown: of('text/markdown'),
    latex: of('text/latex'),
    javascript: of('application/javascript'),
    svg: of('image/svg+xml'),
    png: of('image/png'),
    jpeg: of('image/jpeg'),
    gif: of('image/gif'),
    pdf: of('application/pdf'),
  };
}

/** Shows each in a place of its own. */
export const display: TslabDisplay = over((contentType, content) => {
  show({ [contentType]: content }, { raw: true });
});

/** One place, in which each shows in place of what was there. */
export function newDisplay(): TslabDisplay {
  let handle: DisplayHandle | undefined;
  return over((contentType, content) => {
    const bundle = { [contentType]: content };
    if (handle) handle.update(bundle);
    else handle = show(bundle, { raw: true });
  });
}
