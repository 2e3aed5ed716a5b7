// One line in the cell that tells what is being fetched, drawn anew in its place, and what came of it in the end.
import { asDisplay } from '../../display/bundle.ts';
import { show } from '../outputs.ts';

/** Between two drawings, in ms. */
const PAUSE = 200;

export interface FetchProgress {
  fetched(what: string): void;
  /** Leaves these words in the line's place. */
  end(words: string): void;
}

/** Begins a line such as `zod@4: fetching`. */
export function startFetching(title: string): FetchProgress {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const shown = show(asDisplay(`${title}: asking the registry`));
  let [count, drawn] = [0, start];
  return {
    fetched(what) {
      count++;
      const now = performance.now();
      if (now - drawn < PAUSE) return;
      drawn = now;
      shown.update(asDisplay(`${title}: ${count} fetched, ${what}, ${seconds()}`));
    },
    end: (words) => shown.update(asDisplay(words.replace('{time}', seconds()))),
  };
}
