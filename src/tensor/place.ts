// Where a person's code is to blame for what is said of it.
import { fileURLToPath } from 'node:url';

const own = fileURLToPath(new URL('.', import.meta.url));

/** `, at In[3]:7:9`: the person's line in an error's stack, the first that is neither ours nor a package's; empty when there is none. */
export function placeOf({ stack }: Error): string {
  const lines = stack?.split('\n').filter((frame) => /^ +at /.test(frame) && !/node_modules|node:/.test(frame));
  const place = /([^ (]+:\d+:\d+)\)?$/.exec(lines?.find((frame) => !frame.includes(own)) ?? '')?.[1];
  return place ? `, at ${place}` : '';
}
