export const one = 1;
const two = 2;
export { two as deux };
export { join } from 'node:path';
export * from 'node:url';
export default one + two;
